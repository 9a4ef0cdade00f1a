"""What the table of `access.py` does not say: colleagues, other keys, and pages that only look."""

import pytest
from django.urls import reverse

from members.models import Education, Membership
from tests.factories import GroupFactory, ProfessionFactory
from tests.members.conftest import main_form

OF_A_PERSON = ("person", "history", "edit", "invite", "deactivate", "join", "add_education")
OF_A_MEMBERSHIP = ("edit_membership", "move", "end", "change_leader", "own_workplace", "ask")


@pytest.mark.parametrize("page", OF_A_PERSON)
def test_a_colleague_in_the_group_may_not_know_of_the_page(client, network, page):
    client.force_login(network.colleague)

    assert client.get(reverse(f"members:{page}", args=[network.ingrid.pk])).status_code == 404


@pytest.mark.parametrize("page", OF_A_MEMBERSHIP)
def test_a_colleague_may_not_know_of_the_membership(client, network, page):
    client.force_login(network.colleague)

    assert client.get(reverse(f"members:{page}", args=[network.membership.pk])).status_code == 404


def test_a_former_leader_no_longer_sees_her(client, network):
    assignment = network.leader.leads.get()
    assignment.ends_on = assignment.starts_on
    assignment.save()
    client.force_login(network.leader)

    page = client.get(reverse("members:person", args=[network.ingrid.pk]))

    assert page.status_code == 404


def test_a_leader_reads_her_people_but_no_further(client, network):
    client.force_login(network.leader)

    page = client.get(reverse("members:person", args=[network.ingrid.pk]))

    assert "900\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}123" in page.text
    assert 'id="history"' not in page.text
    assert reverse("members:edit", args=[network.ingrid.pk]) not in page.text


def test_a_membership_in_a_foreign_network_is_not_shown(client, network):
    Membership.objects.create(
        person=network.ingrid,
        unit=network.far_group,
        workplace=network.membership.workplace,
        profession=ProfessionFactory(),
    )
    client.force_login(network.coordinator)

    page = client.get(reverse("members:person", args=[network.ingrid.pk]))

    assert "Bergen I" in page.text
    assert "Romerike" not in page.text


def test_a_member_sees_how_to_reach_her_leader_but_not_when_the_leader_logged_in(client, network):
    client.force_login(network.ingrid)

    page = client.get(reverse("members:person", args=[network.leader.pk]))

    assert network.leader.email in page.text
    assert "May log in" not in page.text
    assert "Data last confirmed" not in page.text


@pytest.mark.parametrize("key", ["is_active", "password", "confirmed_on", "id", "last_login"])
def test_extra_keys_change_nothing(django_app, network, key):
    address = reverse("members:edit", args=[network.ingrid.pk])
    form = main_form(django_app.get(address, user=network.coordinator))
    before = vars(network.ingrid)[key]

    saved = django_app.post(address, [*form.submit_fields(), (key, "1")], user=network.coordinator)

    assert saved.status_code == 302
    network.ingrid.refresh_from_db()
    assert vars(network.ingrid)[key] == before


def test_a_member_may_not_be_moved_into_a_group_out_of_reach(client, network):
    client.force_login(network.coordinator)

    page = client.post(
        reverse("members:move", args=[network.membership.pk]),
        {
            "unit": network.far_group.pk,
            "workplace": network.membership.workplace_id,
            "on": "2026-11-20",
        },
    )

    assert "unit" in page.context["form"].errors
    network.membership.refresh_from_db()
    assert network.membership.ends_on is None


def test_a_wish_may_not_be_for_a_group_of_another_network(client, network):
    client.force_login(network.ingrid)

    page = client.post(
        reverse("members:ask", args=[network.membership.pk]), {"unit": network.far_group.pk}
    )

    assert "unit" in page.context["form"].errors


def test_the_address_of_someone_with_duties_elsewhere_stays_hers(client, network):
    network.role("coordinator", network.elsewhere)
    far = network.outsider
    Membership.objects.create(
        person=far,
        unit=network.group,
        workplace=network.membership.workplace,
        profession=ProfessionFactory(),
    )
    client.force_login(network.coordinator)
    seen = client.get(reverse("members:edit", args=[far.pk])).context["form"].initial["seen"]

    client.post(
        reverse("members:edit", args=[far.pk]),
        {
            "given_name": "New",
            "family_name": far.family_name,
            "email": "taken.over@example.org",
            "language": "en",
            "seen": seen,
        },
    )

    old = far.email
    far.refresh_from_db()
    assert (far.given_name, far.email) == ("New", old)
    assert client.get(reverse("members:deactivate", args=[far.pk])).status_code == 403


def test_a_coordinator_may_not_touch_the_account_of_her_administrator(client, network):
    """Not even when the administrator is registered in one of the coordinator's groups."""
    Membership.objects.create(
        person=network.administrator,
        unit=network.group,
        workplace=network.membership.workplace,
        profession=ProfessionFactory(),
    )

    assert network.coordinator.has_perm("members.change_member", network.administrator)
    assert not network.coordinator.has_perm("members.change_account", network.administrator)
    assert network.administrator.has_perm("members.change_account", network.coordinator)


def test_whoever_moved_to_another_network_is_no_longer_edited_by_the_old_one(client, network):
    group = GroupFactory(parent=network.elsewhere)
    membership = network.membership
    membership.ends_on = membership.starts_on
    membership.save()
    assert network.coordinator.has_perm("members.change_member", network.ingrid)

    Membership.objects.create(
        person=network.ingrid,
        unit=group,
        workplace=membership.workplace,
        profession=membership.profession,
    )

    assert not network.coordinator.has_perm("members.change_member", network.ingrid)
    assert network.outsider.has_perm("members.change_member", network.ingrid)


@pytest.mark.parametrize("page", [*OF_A_PERSON, "own", "confirm", "who_sees_me", "own_data"])
def test_opening_a_page_changes_nothing(client, network, page):
    Education.objects.create(person=network.ingrid, title="Cancer nursing")
    args = [network.ingrid.pk] if page in OF_A_PERSON else []
    who = network.coordinator if page in OF_A_PERSON else network.ingrid
    client.force_login(who)
    before = events_of(network)

    client.get(reverse(f"members:{page}", args=args))

    assert events_of(network) == before


def events_of(network):
    tables = (network.ingrid.events, network.membership.events)
    return [list(events.order_by("pk").values_list("pk", flat=True)) for events in tables]
