"""No page asks the database more because there is more to show (style.md 3)."""

import datetime as dt

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from members.models import ChangeRequest, Education, LeaderAssignment, RosterImport
from network.models import Municipality, Role, UnitArea
from tests.access import ACCESS, OBJECTS, SLOW, every_url
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    RoleFactory,
    WorkplaceFactory,
)
from tests.world import build_world

URLS = dict(every_url())
# Pages that ask more when there is more, and why.
GROWING: dict[str, str] = {}


def grow(world, number):
    """Put more of everything into the own place."""
    own, people = world.own, world.people
    covered = own.group.covers.exclude(municipality=None).values("municipality")
    municipalities = Municipality.objects.exclude(pk__in=covered).iterator()
    for _number in range(number):
        group = GroupFactory(parent=own.network)
        GroupFactory(parent=own.network, ends_on=dt.date(2025, 1, 1))
        NetworkFactory(parent=own.area)
        ward = WorkplaceFactory(area=own.area)
        for person in (None, own.membership.person):
            unit = own.group if person is None else group
            kwargs = {"person": person} if person else {}
            membership = MembershipFactory(unit=unit, workplace=ward, **kwargs)
            LeaderAssignmentFactory(membership=membership, leader=own.assignment.leader)
            LeaderAssignmentFactory(
                membership=membership, kind=LeaderAssignment.Kind.PROFESSIONAL_LEAD
            )
            Education.objects.create(person=membership.person, title=f"Title {ward.pk}")
            ChangeRequest.objects.create(membership=membership, workplace_name="New")
        RoleFactory(unit=own.group, kind=Role.Kind.GROUP_CONTACT)
        RoleFactory(unit=own.group, kind=Role.Kind.READER, ends_on=dt.date(2025, 1, 1))
        RoleFactory(unit=own.network, kind=Role.Kind.COORDINATOR)
        RoleFactory(unit=group, person=people["A"], kind=Role.Kind.READER)
        UnitArea.objects.create(unit=own.group, workplace=ward)
        UnitArea.objects.create(unit=own.group, municipality=next(municipalities))
        for person in people.values():
            Job.objects.create(kind="x", by=person, title="x")
        RosterImport.objects.create(
            unit=own.network, file_name="x.csv", file_hash=f"x{ward.pk}", file="x.csv"
        )


def questions(client, world):
    """Return how many queries each page asks that the role may open."""
    asked = {}
    for name in sorted((ACCESS.keys() & URLS.keys()) - SLOW):
        page = ACCESS[name]
        url = reverse(name, args=OBJECTS[page.of](world.own) if page.of else [])
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        if response.status_code == 200:
            asked[name] = len(captured)
    return asked


@time_machine.travel(timezone.now(), tick=False)  # a session is refreshed as time goes by
def test_no_page_asks_more_because_there_is_more_to_show():
    world = build_world()
    clients = {role: Client() for role in "ACM"}
    for role, client in clients.items():
        client.force_login(world.people[role])
    grow(world, 2)
    for client in clients.values():
        questions(client, world)  # fills the caches
    few = {role: questions(client, world) for role, client in clients.items()}

    grow(world, 4)
    many = {role: questions(client, world) for role, client in clients.items()}

    more = {
        (role, name): (few[role][name], many[role][name])
        for role in clients
        for name in few[role]
        if many[role][name] > few[role][name] and name not in GROWING
    }
    assert more == {}
    assert len(few["A"]) > 20
