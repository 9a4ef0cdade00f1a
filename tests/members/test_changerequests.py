"""A member's wish, and what becomes of it."""

import pytest
from django.urls import reverse

from core.exceptions import Refused
from core.models import OutgoingMail
from members import actions
from members.models import ChangeRequest
from network.models import Role, Workplace
from tests.factories import ProfessionFactory
from tests.members.conftest import main_form


@pytest.fixture
def wish(network):
    return actions.ask_for_change(
        network.membership, unit=network.sibling, note="Nearer home", by=network.ingrid
    )


def test_a_member_asks_for_another_group(django_app, network):
    page = django_app.get(reverse("members:ask", args=[network.membership.pk]), user=network.ingrid)
    form = main_form(page)
    form["unit"] = network.sibling.pk
    form["note"] = "Nearer home"

    page = form.submit().follow()

    assert "Waiting for your coordinator:" in page
    assert ChangeRequest.objects.get().unit == network.sibling
    assert network.ingrid.memberships.open().get().unit == network.group


def test_a_wish_for_what_is_already_so_is_refused(django_app, network):
    address = reverse("members:ask", args=[network.membership.pk])

    page = main_form(django_app.get(address, user=network.ingrid)).submit()

    assert "This is what is registered already." in page


def test_one_wish_at_a_time(network, wish):
    with pytest.raises(Refused, match="already waiting"):
        actions.ask_for_change(
            network.membership, profession=ProfessionFactory(), by=network.ingrid
        )


def test_a_wish_can_be_withdrawn_once(django_app, network, wish):
    address = reverse("members:withdraw", args=[wish.pk])

    main_form(django_app.get(address, user=network.ingrid)).submit().follow()

    wish.refresh_from_db()
    assert wish.state == ChangeRequest.State.WITHDRAWN
    assert django_app.get(address, user=network.ingrid, status=403)


def test_the_coordinator_lists_what_waits_in_her_units(client, network, wish):
    def listed(viewer):
        client.force_login(viewer)
        page = client.get(reverse("members:changerequests"))
        return [row.pk for row in page.context["wishes"]]

    assert listed(network.coordinator) == [wish.pk]
    assert listed(network.administrator) == [wish.pk]
    assert listed(network.outsider) == []


def test_an_approved_move_is_carried_out_and_told(django_app, network, wish):
    network.ingrid.language = "en"
    network.ingrid.save()
    address = reverse("members:decide", args=[wish.pk])
    form = main_form(django_app.get(address, user=network.coordinator))
    form["decision"] = "approved"
    form["answer"] = "Welcome."

    form.submit().follow()

    membership = network.ingrid.memberships.open().get()
    assert (membership.unit, membership.leaders.get().leader) == (network.sibling, network.leader)
    mail = OutgoingMail.objects.get()
    assert (mail.address, mail.subject) == ("ingrid@example.org", "Your change is made")
    assert "Bergen II" in mail.text
    assert "Welcome." in mail.text


def test_an_approved_profession_is_carried_out(network):
    profession = ProfessionFactory()
    wish = actions.ask_for_change(network.membership, profession=profession, by=network.ingrid)

    actions.approve_request(wish, by=network.coordinator)

    network.membership.refresh_from_db()
    assert network.membership.profession == profession


def test_an_approved_workplace_is_made_once(network):
    wish = actions.ask_for_change(network.membership, workplace_name="Solbakken", by=network.ingrid)

    actions.approve_request(wish, by=network.coordinator)

    workplace = Workplace.objects.get(name="Solbakken")
    assert workplace.area == network.membership.workplace.area
    assert network.ingrid.memberships.open().get().workplace == workplace


def test_a_no_needs_a_reason(django_app, network, wish):
    form = main_form(
        django_app.get(reverse("members:decide", args=[wish.pk]), user=network.coordinator)
    )
    form["decision"] = "declined"

    assert "Tell the member why." in form.submit()
    wish.refresh_from_db()
    assert wish.state == ChangeRequest.State.WAITING


def test_a_no_changes_nothing_and_is_told(network, wish):
    actions.decline_request(wish, answer="The group is full.", by=network.coordinator)

    assert network.ingrid.memberships.open().get().unit == network.group
    assert "The group is full." in OutgoingMail.objects.get().text


def test_a_wish_is_answered_once(network, wish):
    actions.decline_request(wish, answer="No room.", by=network.coordinator)

    with pytest.raises(Refused, match="already been answered"):
        actions.approve_request(wish, by=network.administrator)


def test_only_who_manages_the_new_group_too_may_answer(client, network, wish):
    only_here = network.role(Role.Kind.COORDINATOR, network.group)
    client.force_login(only_here)

    assert client.get(reverse("members:decide", args=[wish.pk])).status_code == 403


def test_the_member_may_not_answer_herself(client, network, wish):
    client.force_login(network.ingrid)

    answer = client.post(reverse("members:decide", args=[wish.pk]), {"decision": "approved"})

    assert answer.status_code == 403
    wish.refresh_from_db()
    assert wish.state == ChangeRequest.State.WAITING
