"""What a coordinator does with a person, through the pages themselves."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Person
from core.exceptions import Refused
from core.models import OutgoingMail
from members import actions
from members.models import Education, LeaderAssignment, Membership
from tests.factories import (
    LeaderAssignmentFactory,
    MembershipFactory,
    ProfessionFactory,
    WorkplaceFactory,
)
from tests.members.conftest import main_form


@pytest.fixture
def open_form(django_app, network):
    """Open one of the coordinator's pages and return its form."""

    def open_form(name, key=None, *, query=""):
        address = reverse(f"members:{name}", args=[key] if key else []) + query
        return main_form(django_app.get(address, user=network.coordinator))

    return open_form


def test_contact_data_is_corrected(open_form, network):
    form = open_form("edit", network.ingrid.pk)
    form["given_name"] = "Ingrid Marie"
    form["work_phone"] = "0047 911 11 111"

    page = form.submit().follow()

    assert "Ingrid Marie Solvang" in page
    network.ingrid.refresh_from_db()
    assert network.ingrid.work_phone == "+4791111111"
    change = network.ingrid.events.latest("pgh_id")
    assert change.pgh_context.metadata["verb"] == "members.person.changed"
    assert change.pgh_context.metadata["by"] == network.coordinator.pk


def test_a_number_that_is_none_is_refused_with_an_example(open_form, network):
    form = open_form("edit", network.ingrid.pk)
    form["work_phone"] = "twelve"

    page = form.submit()

    assert "Write a telephone number, such as 900 00 123." in page


def test_a_save_without_changes_leaves_no_trace(open_form, network):
    before = network.ingrid.events.count()

    open_form("edit", network.ingrid.pk).submit().follow()

    assert network.ingrid.events.count() == before


def test_a_new_address_opens_the_account_and_the_old_one_is_told(open_form, network):
    form = open_form("edit", network.ingrid.pk)
    form["email"] = "Ingrid.New@Example.org"

    form.submit().follow()

    network.ingrid.refresh_from_db()
    assert network.ingrid.email == "ingrid.new@example.org"
    assert OutgoingMail.objects.get().address == "ingrid@example.org"


def test_an_address_in_use_is_refused(open_form, network):
    form = open_form("edit", network.ingrid.pk)
    form["email"] = network.colleague.email.upper()

    page = form.submit()

    assert page.status_code == 200
    network.ingrid.refresh_from_db()
    assert network.ingrid.email == "ingrid@example.org"


def test_a_person_is_registered_with_her_membership(open_form, network):
    form = open_form("add")
    form["given_name"], form["family_name"] = "Áilu", "Sara"
    form["email"] = "ailu@example.org"
    form["unit"] = network.group.pk
    form["workplace"] = network.membership.workplace_id
    form["profession"] = network.membership.profession_id

    form.submit().follow()

    person = Person.objects.get(email="ailu@example.org")
    assert person.memberships.get().unit == network.group
    assert not person.is_active
    assert not OutgoingMail.objects.exists()


def fill_in_namesake(form, network):
    form["given_name"], form["family_name"] = "ingrid", "SOLVANG"
    form["email"] = "another.ingrid@example.org"
    form["unit"] = network.group.pk
    form["workplace"] = network.membership.workplace_id
    form["profession"] = network.membership.profession_id
    return form


def test_a_namesake_is_shown_before_she_is_registered_twice(open_form, network):
    page = fill_in_namesake(open_form("add"), network).submit()

    assert page.html.select_one(f'main a[href="/people/{network.ingrid.pk}/"]')
    assert not Person.objects.filter(email="another.ingrid@example.org").exists()


def test_another_person_of_the_same_name_is_registered_when_that_is_said(open_form, network):
    form = main_form(fill_in_namesake(open_form("add"), network).submit())
    form["is_another"] = True

    form.submit().follow()

    assert Person.objects.filter(email="another.ingrid@example.org").exists()


def test_a_known_address_leads_to_the_person(open_form, network):
    form = fill_in_namesake(open_form("add"), network)
    form["email"] = "Ingrid@example.org"

    page = form.submit()

    assert "This e-mail address is registered already." in page


def test_a_second_membership_is_added(open_form, network):
    form = open_form("join", network.ingrid.pk)
    form["unit"] = network.sibling.pk
    form["workplace"] = network.membership.workplace_id
    form["profession"] = network.membership.profession_id

    form.submit().follow()

    assert {row.unit for row in network.ingrid.memberships.open()} == {
        network.group,
        network.sibling,
    }


def test_the_same_group_twice_is_refused_in_words(open_form, network):
    form = open_form("join", network.ingrid.pk)
    form["unit"] = network.group.pk
    form["workplace"] = network.membership.workplace_id
    form["profession"] = network.membership.profession_id

    assert "Ingrid Solvang is already a member of Bergen I." in form.submit()


def test_a_membership_is_corrected(open_form, network):
    profession = ProfessionFactory()
    form = open_form("edit_membership", network.membership.pk)
    form["profession"] = profession.pk
    form["hours_per_month"] = "7.5"

    form.submit().follow()

    network.membership.refresh_from_db()
    assert network.membership.profession == profession
    assert network.membership.events.latest("pgh_id").pgh_context.metadata["verb"] == (
        "members.membership.changed"
    )


def test_a_move_keeps_the_old_years_and_the_leader(open_form, network):
    workplace = WorkplaceFactory(area=network.membership.workplace.area)
    form = open_form("move", network.membership.pk)
    form["unit"] = network.sibling.pk
    form["workplace"] = workplace.pk
    form["on"] = "2026-03-01"

    form.submit().follow()

    old, new = network.ingrid.memberships.order_by("starts_on")
    assert (old.unit, old.ends_on) == (network.group, dt.date(2026, 3, 1))
    assert (new.unit, new.workplace) == (network.sibling, workplace)
    assert new.leaders.get().leader == network.leader


def test_a_move_to_where_she_is_is_refused(open_form, network):
    page = open_form("move", network.membership.pk).submit()

    assert "Choose another group or another workplace than today" in page


def test_an_ended_membership_asks_the_leader_for_a_successor(open_form, network):
    page_form = open_form("end", network.membership.pk)
    page_form["on"] = "2026-06-01"
    page_form["reason"] = "retired"

    page_form.submit().follow()

    network.membership.refresh_from_db()
    assert (network.membership.ends_on, network.membership.end_reason) == (
        dt.date(2026, 6, 1),
        "retired",
    )
    mail = OutgoingMail.objects.get()
    assert (mail.person_id, mail.subject) == (
        network.leader.pk,
        "Who takes over after Ingrid Solvang?",
    )


def test_nobody_is_asked_when_that_is_not_wished(open_form, network):
    form = open_form("end", network.membership.pk)
    form["tell_leader"] = False

    form.submit().follow()

    assert not OutgoingMail.objects.exists()


def test_a_leader_is_found_by_name(open_form, network):
    gry = LeaderAssignmentFactory(
        membership=MembershipFactory(unit=network.group), leader__given_name="Gry"
    ).leader
    form = open_form("change_leader", network.membership.pk, query="?q=gry")
    form["leader"] = str(gry.pk)

    form.submit().follow()

    assert network.membership.leaders.open().get().leader == gry


def test_nobody_out_of_sight_is_found_as_leader(django_app, network):
    network.outsider.given_name = "Hidden"
    network.outsider.save()
    address = reverse("members:change_leader", args=[network.membership.pk]) + "?q=hidden"

    page = django_app.get(address, user=network.coordinator)

    assert network.outsider.email not in page
    assert "Nobody is found" in page


def test_a_new_leader_is_named_by_address(open_form, network):
    form = open_form("change_leader", network.membership.pk)
    form["leader"] = "new"
    form["given_name"], form["family_name"] = "Tove", "Lie"
    form["email"] = "Tove@Example.org"

    form.submit().follow()

    leader = network.membership.leaders.open().get().leader
    assert (leader.name, leader.email, leader.is_active) == ("Tove Lie", "tove@example.org", False)


def test_a_leader_without_an_address_is_not_made(open_form, network):
    form = open_form("change_leader", network.membership.pk)
    form["leader"] = "new"
    form["given_name"] = "Tove"

    page = form.submit()

    assert page.html.select("#id_email_error")
    assert network.membership.leaders.open().get().leader == network.leader


def test_a_professional_lead_stands_beside_the_leader(open_form, network):
    form = open_form("change_professional_lead", network.membership.pk, query="?q=hans")
    form["leader"] = str(network.leader.pk)

    form.submit().follow()

    kinds = network.membership.leaders.open().values_list("kind", flat=True)
    assert set(kinds) == set(LeaderAssignment.Kind)


def test_an_invitation_is_sent(open_form, network):
    open_form("invite", network.ingrid.pk).submit().follow()

    assert network.ingrid.invitations.open().count() == 1


def test_a_closed_account_is_shut_at_once(client, open_form, network):
    client.force_login(network.ingrid)
    assert client.get("/me/").status_code == 200

    open_form("deactivate", network.ingrid.pk).submit().follow()

    assert client.get("/me/").status_code == 302


def test_nobody_closes_her_own_account(network):
    assert not network.coordinator.has_perm("members.change_account", network.coordinator)


def test_an_education_is_added_changed_and_removed(open_form, network):
    form = open_form("add_education", network.ingrid.pk)
    form["title"] = "Cancer nursing"
    form["completed_in"] = "2019"
    form.submit().follow()
    education = Education.objects.get()
    assert (education.person_id, education.completed_in) == (network.ingrid.pk, 2019)

    form = open_form("edit_education", education.pk)
    form["title"] = "Palliative care"
    form.submit().follow()
    education.refresh_from_db()
    assert education.title == "Palliative care"

    open_form("remove_education", education.pk).submit().follow()
    assert not Education.objects.exists()


@pytest.mark.parametrize(
    ("field", "year"), [("completed_in", "2090"), ("expected_in", "1999"), ("completed_in", "1066")]
)
def test_an_impossible_year_is_refused(open_form, network, field, year):
    form = open_form("add_education", network.ingrid.pk)
    form["title"] = "Cancer nursing"
    form[field] = year

    assert form.submit().html.select(f"#id_{field}_error")
    assert not Education.objects.exists()


def test_the_same_education_twice_is_refused(open_form, network):
    Education.objects.create(person=network.ingrid, title="Cancer nursing")
    form = open_form("add_education", network.ingrid.pk)
    form["title"] = "Cancer nursing"

    assert "This education is already registered." in form.submit()


def test_nobody_is_added_twice_by_address(network):
    with pytest.raises(Refused, match="already has this e-mail address"):
        actions.add_person(
            given_name="A", family_name="B", email="INGRID@example.org", by=network.coordinator
        )


def test_a_membership_that_starts_later_is_shown_as_coming(django_app, network):
    Membership.objects.update(starts_on=dt.date(2090, 1, 1))

    page = django_app.get(f"/people/{network.ingrid.pk}/", user=network.coordinator)

    assert "Member from Jan. 1, 2090" in page
