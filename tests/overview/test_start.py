"""What the start page tells each person."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from members.models import ChangeRequest, Membership, RosterImport
from network.models import Role, UnitArea
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    NetworkFactory,
    PersonFactory,
    ProfessionFactory,
    RoleFactory,
    WorkplaceFactory,
)

TODAY = timezone.localdate()
START = reverse("overview:start")


@pytest.fixture
def network():
    return NetworkFactory(name_nb="Nurses", slug="nurses")


@pytest.fixture
def group(network):
    return GroupFactory(parent=network, name_nb="Harbour", slug="harbour")


@pytest.fixture
def coordinator(network):
    return RoleFactory(unit=network, kind=Role.Kind.COORDINATOR).person


def sound_member(group, **fields):
    """Return a membership that needs nothing: a leader, an account in use, confirmed data."""
    fields.setdefault(
        "person",
        PersonFactory(confirmed_on=TODAY, last_login=timezone.now(), work_phone="90000123"),
    )
    membership = MembershipFactory(unit=group, **fields)
    LeaderAssignmentFactory(membership=membership)
    return membership


def attention(client, **query):
    context = client.get(START, query).context
    return [item.title for item in context["attention"]]


def figures(client, **query):
    context = client.get(START, query).context
    return {figure.noun: (figure.number, figure.whole) for figure in context["figures"]}


def test_a_coordinator_with_everything_in_order_has_nothing_to_do(client, group, coordinator):
    sound_member(group)
    client.force_login(coordinator)

    assert attention(client) == []
    assert figures(client) == {
        "resource person": (1, None),
        "workplace is covered": (1, 1),
        "has confirmed the data": (1, 1),
        "has logged in": (1, 1),
    }


def test_what_needs_attention_is_listed_with_what_hurts_most_first(client, group, coordinator):
    stale = PersonFactory(confirmed_on=TODAY - dt.timedelta(days=184), last_login=timezone.now())
    LeaderAssignmentFactory(
        membership=MembershipFactory(unit=group, person=stale),
        leader=PersonFactory(is_active=False),
    )
    MembershipFactory(unit=group, person=PersonFactory(confirmed_on=TODAY, is_active=False))
    unreached = sound_member(group)
    OutgoingMail.objects.create(
        key="x", person=unreached.person, address=unreached.person.email, subject="Hello",
        text="Hello", state=OutgoingMail.State.FAILED, error="550 no such user",
    )  # fmt: skip
    ChangeRequest.objects.create(membership=unreached, profession=ProfessionFactory())
    RosterImport.objects.create(
        unit=group.parent, file="x", file_name="x", file_hash="x", state=RosterImport.State.REVIEW
    )
    UnitArea.objects.create(unit=group, workplace=WorkplaceFactory(area=group.parent.parent))
    client.force_login(coordinator)

    assert attention(client) == [
        "1 resource person has no leader",
        "E-mail does not reach 1 person",
        "1 leader cannot log in yet",
        "1 import waits to be looked over",
        "1 change waits for your answer",
        "1 workplace has no resource person",
        "1 resource person cannot log in yet",
        "1 person has not confirmed her data for six months",
    ]


def test_every_thing_to_act_on_leads_to_a_page_that_the_person_may_open(client, group, coordinator):
    test_what_needs_attention_is_listed_with_what_hurts_most_first(client, group, coordinator)

    items = client.get(START, {"unit": "harbour"}).context["attention"]

    assert {item.title: client.get(item.url).status_code for item in items} == {
        item.title: 200 for item in items
    }


def test_other_networks_do_not_count(client, group, coordinator):
    sound_member(group)
    foreign = GroupFactory(parent__parent=group.parent.parent)
    MembershipFactory(unit=foreign, person=PersonFactory(is_active=False))
    UnitArea.objects.create(unit=foreign, workplace=WorkplaceFactory(area=foreign.parent.parent))
    client.force_login(coordinator)

    assert attention(client) == []
    assert figures(client)["resource person"] == (1, None)


def test_former_and_coming_members_do_not_count(client, group, coordinator):
    sound_member(group)
    MembershipFactory(unit=group, ends_on=TODAY)
    MembershipFactory(unit=group, starts_on=TODAY + dt.timedelta(days=1))
    client.force_login(coordinator)

    assert figures(client)["resource person"] == (1, None)


def test_one_unit_can_be_chosen(client, group, coordinator):
    sound_member(group)
    other = GroupFactory(parent=group.parent, slug="hill")
    sound_member(other)
    sound_member(other)
    client.force_login(coordinator)

    assert figures(client)["resource persons"] == (3, None)
    assert figures(client, unit="hill")["resource persons"] == (2, None)


@pytest.mark.parametrize("slug", ["elsewhere", "no-such-unit"])
def test_a_unit_out_of_reach_does_not_exist(client, group, coordinator, slug):
    GroupFactory(slug="elsewhere")
    client.force_login(coordinator)

    assert client.get(START, {"unit": slug}).status_code == 404


def test_a_workplace_counts_once_in_a_network_where_its_members_are(client, network, coordinator):
    town = MunicipalityFactory()
    near, far = GroupFactory(parent=network), GroupFactory(parent=network)
    UnitArea.objects.create(unit=near, municipality=town)
    home = WorkplaceFactory(area=network.parent, municipality=town)
    WorkplaceFactory(area=network.parent, municipality=town)
    WorkplaceFactory(area=network.parent, municipality=town, needs_resource_person=False)
    sound_member(far, workplace=home)
    client.force_login(coordinator)

    rows = client.get(START).context["coverage"]

    assert {row.unit: (row.covered, row.vacant) for row in rows} == {near: (0, 1), far: (1, 0)}


def test_a_workplace_whose_last_member_left_is_vacant(client, group, coordinator):
    MembershipFactory(unit=group, ends_on=TODAY)
    client.force_login(coordinator)

    (row,) = client.get(START).context["coverage"]

    assert (row.covered, row.vacant) == (0, 1)


def test_a_leader_sees_her_people_and_what_they_need(client, group):
    leader = PersonFactory()
    new = MembershipFactory(
        unit=group, person=PersonFactory(is_active=False, given_name="A", confirmed_on=TODAY)
    )
    sound = sound_member(group, person=PersonFactory(given_name="B", confirmed_on=TODAY))
    for membership in (new, sound):
        membership.leaders.all().delete()
        LeaderAssignmentFactory(membership=membership, leader=leader)
    LeaderAssignmentFactory(membership=MembershipFactory(unit=group, ends_on=TODAY), leader=leader)
    sound_member(group)
    client.force_login(leader)

    people = client.get(START).context["people"]

    assert [(own.membership, own.needs) for own in people] == [
        (new, ["Cannot log in yet"]),
        (sound, []),
    ]


def test_a_resource_person_sees_her_group_her_leader_and_whom_to_ask(
    django_app, group, coordinator
):
    contact = RoleFactory(unit=group, kind=Role.Kind.GROUP_CONTACT).person
    RoleFactory(unit=GroupFactory(parent=group.parent), kind=Role.Kind.GROUP_CONTACT)
    membership = sound_member(group)
    sound_member(group)

    page = django_app.get(START, user=membership.person)

    (own,) = page.context["memberships"]
    assert own.leader == membership.leaders.get().leader
    assert own.colleagues == 2
    assert [role.person for role in own.contacts] == [contact, coordinator]


def test_a_resource_person_confirms_her_data_from_the_start_page(django_app, group):
    person = sound_member(group, person=PersonFactory(confirmed_on=None)).person
    page = django_app.get(START, user=person)

    form = next(form for form in page.forms.values() if form.action == reverse("members:confirm"))
    form.submit()

    person.refresh_from_db()
    assert person.confirmed_on == TODAY


def test_who_has_several_hats_sees_a_section_for_each(django_app, group, coordinator):
    sound_member(group, person=coordinator)
    LeaderAssignmentFactory(
        membership=sound_member(group, person=PersonFactory()), kind="professional_lead"
    )
    led = MembershipFactory(unit=group)
    LeaderAssignmentFactory(membership=led, leader=coordinator)

    page = django_app.get(START, user=coordinator)

    assert [h2.text for h2 in page.html.select("main h2")] == [
        "Needs attention",
        "Resource persons",
        "Coverage",
        "Your people",
        "Is your data right?",
        "Harbour",
    ]


def test_a_reader_and_a_stranger_are_met_kindly(django_app, network):
    reader = RoleFactory(unit=network, kind=Role.Kind.READER).person

    assert django_app.get(START, user=reader).html.select_one(".rn-empty h2").text == "All is quiet"
    assert (
        django_app.get(START, user=PersonFactory()).html.select_one(".rn-empty h2").text
        == "You are not part of a network yet"
    )


def test_the_number_of_queries_does_not_grow_with_the_network(
    client, group, coordinator, django_assert_max_num_queries
):
    def fill(count):
        for number in range(count):
            home = GroupFactory(parent=group.parent)
            membership = MembershipFactory(unit=home, person=PersonFactory(is_active=False))
            LeaderAssignmentFactory(membership=membership, leader=coordinator)
            UnitArea.objects.create(unit=home, municipality=MunicipalityFactory())
            if number == 0:
                MembershipFactory(unit=home, person=coordinator)

    def ask():
        coordinator.__dict__.pop("current_roles", None)
        with django_assert_max_num_queries(100) as asked:
            assert client.get(START).status_code == 200
        return len(asked)

    client.force_login(coordinator)
    fill(2)
    few = ask()
    fill(3)

    assert ask() == few
    assert Membership.objects.count() == 7
