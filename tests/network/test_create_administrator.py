import pytest
from django.core.management import CommandError, call_command

from accounts.models import Invitation, Person
from core.models import OutgoingMail
from network.models import Role
from tests.factories import RegionFactory, RoleFactory


def create(email="kari@example.org", unit="west", name="Kari Anne Nes"):
    call_command("create_administrator", email, "--unit", unit, "--name", name, verbosity=0)


def test_the_first_administrator_gets_her_role_and_an_invitation():
    region = RegionFactory(slug="west")

    create(email="Kari@Example.org")

    person = Person.objects.get(email="kari@example.org")
    assert (person.given_name, person.family_name) == ("Kari Anne", "Nes")
    assert [(role.kind, role.unit) for role in person.roles.current()] == [
        (Role.Kind.ADMINISTRATOR, region)
    ]
    assert Invitation.objects.open().filter(person=person).count() == 1
    assert OutgoingMail.objects.filter(is_secret=True, address="kari@example.org").count() == 1


def test_a_known_person_keeps_her_name_and_is_invited_again():
    RegionFactory(slug="west")
    known = RoleFactory(person__email="kari@example.org").person

    create(name="Somebody Else")

    known.refresh_from_db()
    assert known.given_name.startswith("Given")
    assert Invitation.objects.open().filter(person=known).count() == 1


def test_an_unknown_unit_is_refused():
    with pytest.raises(CommandError, match="No unit has the slug"):
        create(unit="nowhere")


def test_nobody_becomes_administrator_of_the_same_unit_twice():
    RegionFactory(slug="west")
    create()

    with pytest.raises(CommandError, match="already has this role"):
        create()
