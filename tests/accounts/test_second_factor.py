import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import LogEntry, OutgoingMail
from network.models import Role
from tests.factories import PersonFactory, RoleFactory


@pytest.mark.mfa
@pytest.mark.parametrize("kind", [Role.Kind.ADMINISTRATOR, Role.Kind.COORDINATOR])
def test_whoever_manages_others_meets_the_second_factor_before_anything_else(client, kind):
    client.force_login(RoleFactory(kind=kind).person)

    response = client.get(reverse("usersessions_list"))

    assert response.status_code == 302
    assert response.url == reverse("accounts:account")
    assert client.get(response.url).context["must_add"] is True


@pytest.mark.mfa
@pytest.mark.parametrize("kind", [Role.Kind.GROUP_CONTACT, Role.Kind.READER])
def test_whoever_manages_nobody_needs_no_second_factor(kind):
    assert RoleFactory(kind=kind).person.needs_second_factor is False


def test_a_session_of_a_test_has_shown_its_second_factor(client):
    client.force_login(RoleFactory().person)

    assert client.get(reverse("usersessions_list")).status_code == 200


def test_a_person_without_password_has_no_usable_password():
    assert PersonFactory(password="").has_usable_password() is False


@pytest.mark.mfa
def test_whoever_has_lost_her_phone_begins_again_and_is_told(client):
    person = RoleFactory(person__email="ada@example.org").person
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client.force_login(person)

    call_command("remove_second_factor", "Ada@example.org", verbosity=0)

    assert Authenticator.objects.count() == 0
    assert client.get(reverse("accounts:account")).status_code == 302
    assert OutgoingMail.objects.get().subject == "Your second step has been removed"
    assert LogEntry.objects.filter(verb="accounts.factors.removed").count() == 1


@pytest.mark.parametrize("email", ["nobody@example.org", "ada@example.org"])
def test_nobody_loses_a_second_factor_that_is_not_there(email):
    PersonFactory(email="ada@example.org")

    with pytest.raises(CommandError):
        call_command("remove_second_factor", email, verbosity=0)
