"""What a queryset shows is exactly what `has_perm` allows, for every table and every role."""

import datetime as dt

import pghistory.models
import pytest
import rules
from django.apps import apps
from django.utils import timezone

from accounts.models import Invitation, Person
from core.models import LogEntry, OutgoingMail, ScopedQuerySet
from members.models import LeaderAssignment, Membership
from network.models import Role, Workplace
from tests.factories import (
    LeaderAssignmentFactory,
    MembershipFactory,
    RegionFactory,
    RoleFactory,
    WorkplaceFactory,
)
from tests.world import build_world

YESTERDAY = dt.date(2026, 1, 1)
# Rows are asked about under another word than the model's own.
PERMISSIONS = {"core.outgoingmail": "core.view_mail"}

SCOPED = [
    model
    for model in apps.get_models()
    if isinstance(model._default_manager.all(), ScopedQuerySet)
    and not issubclass(model, pghistory.models.Event)
]


def permission_for(model):
    label = model._meta.label_lower
    return PERMISSIONS.get(label, f"{model._meta.app_label}.view_{model._meta.model_name}")


@pytest.fixture
def world():
    world = build_world()
    people = world.people
    own, sibling, foreign = world.own, world.sibling, world.foreign
    # What has ended gives nothing any more; what has not begun gives nothing yet.
    former = RoleFactory(unit=foreign.network, kind=Role.Kind.COORDINATOR, ends_on=YESTERDAY).person
    RoleFactory(person=former, unit=own.group, kind=Role.Kind.READER)
    people["former coordinator"] = former
    people["coordinator to be"] = RoleFactory(
        unit=foreign.network, kind=Role.Kind.COORDINATOR, starts_on=dt.date(2099, 1, 1)
    ).person
    people["former member"] = MembershipFactory(
        unit=sibling.group, workplace=sibling.ward, ends_on=YESTERDAY
    ).person
    people["former leader"] = LeaderAssignmentFactory(
        membership=sibling.membership, ends_on=YESTERDAY
    ).leader
    people["professional lead"] = LeaderAssignmentFactory(
        membership=sibling.membership, kind=LeaderAssignment.Kind.PROFESSIONAL_LEAD
    ).leader
    people["group coordinator"] = RoleFactory(unit=sibling.group, kind=Role.Kind.COORDINATOR).person
    # Somebody with everything at once: rights add up, and only where they hold.
    mixed = RoleFactory(unit=own.area, kind=Role.Kind.READER).person
    MembershipFactory(person=mixed, unit=foreign.group, workplace=foreign.ward)
    RoleFactory(person=mixed, unit=sibling.network, kind=Role.Kind.COORDINATOR)
    people["mixed"] = mixed
    people["leader abroad"] = LeaderAssignmentFactory(
        membership=foreign.membership, kind=LeaderAssignment.Kind.PROFESSIONAL_LEAD
    ).leader
    RoleFactory(person=people["leader abroad"], unit=own.network, kind=Role.Kind.GROUP_CONTACT)
    WorkplaceFactory(area=RegionFactory())
    for person in (*people.values(), foreign.membership.person):
        OutgoingMail.objects.create(
            key=f"x:{person.pk}", person=person, address=person.email, subject="x", text="x"
        )
        LogEntry.objects.create(verb="core.thing.done", by=person)
        Invitation.objects.create(
            person=person, token_hash=f"hash {person.pk}", expires_at=timezone.now()
        )
    return world


def test_every_scoped_table_has_a_permission_to_view_it():
    missing = [model for model in SCOPED if not rules.perm_exists(permission_for(model))]

    assert missing == []


def test_scope_and_permission_agree(world):
    disagreements = []
    for model in SCOPED:
        everything = list(model._default_manager.all())
        assert len(everything) > 1, model
        for who, known in world.people.items():
            person = Person.objects.get(pk=known.pk)
            seen = {row.pk for row in model._default_manager.visible_to(person)}
            permission = permission_for(model)
            allowed = {row.pk for row in everything if person.has_perm(permission, row)}
            if seen != allowed:
                disagreements.append((model.__name__, who, seen - allowed, allowed - seen))

    assert disagreements == []


def test_what_has_ended_gives_no_sight(world):
    for who in ("coordinator to be", "former leader"):
        person = world.people[who]
        assert not Membership.objects.visible_to(person).exists()
        assert not Workplace.objects.visible_to(person).exists()
