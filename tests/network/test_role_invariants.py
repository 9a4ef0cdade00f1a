"""Roles given and ended in every order by everybody: what must hold, holds (AZ-07, NET-06)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Person
from core.exceptions import Refused
from network import actions, queries
from network.models import Role, Unit, units_covered_by
from tests.factories import MembershipFactory
from tests.world import build_world

DAYS = st.sampled_from([dt.date(2026, 1, 1), dt.date(2026, 11, 1), dt.date(2030, 1, 1)])
TODAY = dt.date(2026, 11, 1)


class Roles(RuleBasedStateMachine):
    """Everybody tries everything; whatever the actions let through must be lawful."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def build(self):
        world = build_world()
        MembershipFactory(unit=world.own.group, workplace=world.own.ward)
        self.people = sorted(person.pk for person in world.people.values())
        self.units = sorted(Unit.objects.values_list("pk", flat=True))
        self.unattended = queries.unattended(TODAY)

    def person(self, number):
        return Person.objects.get(pk=self.people[number % len(self.people)])

    @rule(
        giver=st.integers(0, 20),
        taker=st.integers(0, 20),
        place=st.integers(0, 20),
        kind=st.sampled_from(Role.Kind.values),
        day=DAYS,
    )
    def give(self, giver, taker, place, kind, day):
        by, person = self.person(giver), self.person(taker)
        unit = Unit.objects.get(pk=self.units[place % len(self.units)])
        administered = set(units_covered_by(by, (Role.Kind.ADMINISTRATOR,)))
        coordinated = {role.unit_id for role in by.current_roles if role.kind == "coordinator"}
        below = set(units_covered_by(by, (Role.Kind.COORDINATOR,))) - coordinated
        try:
            actions.give_role(person, unit=unit, kind=kind, on=day, by=by)
        except (Refused, PermissionDenied, ValidationError):
            return

        assert person.pk != by.pk
        assert unit.pk in administered | below
        assert kind != Role.Kind.ADMINISTRATOR or unit.pk in administered

    @rule(ender=st.integers(0, 20), place=st.integers(0, 50), day=DAYS)
    def end(self, ender, place, day):
        by = self.person(ender)
        roles = list(Role.objects.filter(ends_on=None).order_by("pk"))
        role = roles[place % len(roles)]
        administered = set(units_covered_by(by, (Role.Kind.ADMINISTRATOR,)))
        covered = set(units_covered_by(by, Role.MANAGING))
        try:
            actions.end_role(role, on=day, by=by)
        except (Refused, PermissionDenied, ValidationError):
            return

        assert role.unit_id in covered
        assert role.kind != Role.Kind.ADMINISTRATOR or role.unit_id in administered

    @invariant()
    def nobody_is_left_alone(self):
        if not hasattr(self, "unattended"):
            return
        for day in (TODAY, dt.date(2031, 1, 1)):
            regions, groups = queries.unattended(day)
            assert regions <= self.unattended[0]
            assert groups <= self.unattended[1]


def test_no_sequence_of_grants_and_ends_breaks_what_must_hold():
    run_state_machine_as_test(
        Roles,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.fixture
def world():
    return build_world()


def test_a_role_is_gone_at_the_next_request(world, client):
    coordinator, role = world.people["C"], world.people["C"].roles.get()
    client.force_login(coordinator)
    page = world.own.group.get_absolute_url()
    assert client.get(page).status_code == 200

    actions.give_role(
        world.people["O"], unit=role.unit, kind="coordinator", on=role.starts_on, by=None
    )
    actions.end_role(role, on=TODAY, by=None)

    assert client.get(page).status_code == 404


def test_the_last_coordinator_above_members_stays(world):
    role = world.people["C"].roles.get()

    with pytest.raises(Refused, match=r"has members and must have a coordinator\."):
        actions.end_role(role, on=TODAY, by=world.people["A"])


def test_a_unit_with_members_is_not_moved_away_from_its_coordinator(world):
    sibling = world.sibling.network

    with pytest.raises(Refused, match=r"has members and must have a coordinator\."):
        actions.move_unit(world.own.group, parent=sibling, by=world.people["A"])


def test_two_administrators_cannot_remove_each_other(world):
    first = world.people["A"].roles.get()
    second = actions.give_role(
        world.people["O"], unit=first.unit, kind="administrator", on=first.starts_on, by=None
    )

    actions.end_role(first, on=TODAY, by=second.person)

    with pytest.raises(Refused, match=r"must always have an administrator\."):
        actions.end_role(second, on=TODAY, by=None)


def test_nobody_gives_a_role_to_herself(world):
    with pytest.raises(Refused, match=r"You cannot give a role to yourself\."):
        actions.give_role(
            world.people["A"],
            unit=world.own.group,
            kind="reader",
            on=TODAY,
            by=world.people["A"],
        )


def test_a_grant_is_in_the_history_and_in_the_mail(world):
    role = actions.give_role(
        world.people["O"], unit=world.own.group, kind="reader", on=TODAY, by=world.people["C"]
    )

    (event,) = role.events.all()
    assert event.pgh_context.metadata["verb"] == "network.role.given"
    assert event.pgh_context.metadata["by"] == world.people["C"].pk
    assert world.people["O"].mails.get(key=f"role-given:{role.pk}").subject == (
        "You have the role Reader in Own group"
    )
