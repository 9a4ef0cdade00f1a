"""Who may open what about Ingrid, a member of Bergen I: every page, every role."""

import pytest
from django.urls import reverse

from members.models import ChangeRequest, Education
from tests.factories import ProfessionFactory

VIEWERS = (
    "anonymous",
    "outsider",
    "colleague",
    "reader",
    "ingrid",
    "leader",
    "contact",
    "coordinator",
    "administrator",
)
# One status for each viewer, in the order above.
PAGES = {
    "members:person": (302, 404, 404, 404, 200, 200, 200, 200, 200),
    "members:history": (302, 404, 404, 404, 200, 403, 403, 200, 200),
    "members:edit": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:invite": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:deactivate": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:join": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:add_education": (302, 404, 404, 404, 200, 403, 403, 200, 200),
    "members:edit_education": (302, 404, 404, 404, 200, 403, 403, 200, 200),
    "members:remove_education": (302, 404, 404, 404, 200, 403, 403, 200, 200),
    "members:edit_membership": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:move": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:end": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:change_leader": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:change_professional_lead": (302, 404, 404, 404, 403, 403, 403, 200, 200),
    "members:own_workplace": (302, 404, 404, 404, 200, 404, 404, 404, 404),
    "members:own_leader": (302, 404, 404, 404, 200, 404, 404, 404, 404),
    "members:ask": (302, 404, 404, 404, 200, 404, 404, 404, 404),
    "members:withdraw": (302, 404, 404, 404, 200, 404, 404, 403, 403),
    "members:decide": (302, 404, 404, 404, 403, 404, 404, 200, 200),
    "members:add": (302, 200, 403, 403, 403, 403, 403, 200, 200),
    "members:changerequests": (302, 200, 403, 403, 403, 403, 403, 200, 200),
    "members:people": (302, 403, 403, 403, 403, 200, 403, 403, 403),
    "members:own": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "members:own_contact": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "members:confirm": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "members:who_sees_me": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "members:own_data": (302, 200, 200, 200, 200, 200, 200, 200, 200),
    "members:own_data_json": (302, 200, 200, 200, 200, 200, 200, 200, 200),
}


def address(network, page):
    education = Education.objects.create(person=network.ingrid, title="Cancer nursing")
    wish = ChangeRequest.objects.create(
        membership=network.membership, profession=ProfessionFactory()
    )
    keys = {
        **dict.fromkeys(("person", "history", "edit", "invite", "deactivate"), network.ingrid.pk),
        **dict.fromkeys(("join", "add_education"), network.ingrid.pk),
        **dict.fromkeys(("edit_education", "remove_education"), education.pk),
        **dict.fromkeys(("withdraw", "decide"), wish.pk),
        **dict.fromkeys(
            (
                "edit_membership", "move", "end", "change_leader", "change_professional_lead",
                "own_workplace", "own_leader", "ask",
            ),
            network.membership.pk,
        ),
    }  # fmt: skip
    key = keys.get(page.partition(":")[2])
    return reverse(page, args=[key] if key else [])


@pytest.mark.parametrize("page", PAGES)
def test_who_may_open_what(client, network, page):
    url = address(network, page)

    answers = []
    for viewer in VIEWERS:
        client.logout()
        if viewer != "anonymous":
            client.force_login(network.who(viewer))
        answers.append(client.get(url).status_code)

    assert dict(zip(VIEWERS, answers, strict=True)) == dict(zip(VIEWERS, PAGES[page], strict=True))


@pytest.mark.parametrize("page", PAGES)
def test_a_post_is_refused_where_the_page_is(client, network, page):
    url = address(network, page)

    for viewer, status in zip(VIEWERS, PAGES[page], strict=True):
        if status in {403, 404}:
            client.force_login(network.who(viewer))
            assert client.post(url).status_code in {status, 405}, viewer


@pytest.mark.parametrize("page", PAGES)
def test_opening_a_page_changes_nothing(client, network, page, django_assert_num_queries):
    url = address(network, page)
    client.force_login(network.coordinator)
    before = fingerprint(network)

    client.get(url)

    assert fingerprint(network) == before


def fingerprint(network):
    tables = (network.ingrid.events, network.membership.events)
    return [list(events.values_list("pk", flat=True)) for events in tables]
