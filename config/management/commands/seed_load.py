import datetime as dt
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Person
from config.demo.people import FAMILY, GIVEN, phone, plain
from core.actions import history
from members.models import LeaderAssignment, Membership, Profession
from network.models import Municipality, Role, Unit, Workplace

BATCH = 5000
PER_GROUP = 107  # 50,000 people in some 500 units
ADMINISTRATOR = "administrator@load.example"


class Command(BaseCommand):
    help = "Fill an empty database with many fictional people, for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=50_000)
        parser.add_argument("--years", type=int, default=10, help="how far back memberships go")

    def handle(self, *, people: int, years: int, **_options: Any) -> None:
        with transaction.atomic(), history("config.load.seeded", by=None):
            Load(people, years).fill()
        self.stdout.write(f"{people} people, {Unit.objects.count()} units, {years} years.")


class Load:
    """One filling: everything by lot, always the same."""

    def __init__(self, people: int, years: int) -> None:
        self.people = people
        self.days = years * 365
        self.lot = random.Random(people)  # noqa: S311 -- the same load every time
        self.today = timezone.localdate()

    def fill(self) -> None:
        groups = self.groups()
        workplaces = self.workplaces(groups)
        leaders = list(created(self.persons("leader", max(1, self.people // 20))))
        members = created(self.persons("member", self.people))
        memberships = created(self.memberships(members, groups, workplaces))
        for _ in created(self.leading(memberships, leaders)):
            pass

    def groups(self) -> list[Unit]:
        top = self.unit(Unit.Kind.REGION, None, 0)
        administrator = Person.objects.create_user(
            ADMINISTRATOR, given_name="Load", family_name="Administrator"
        )
        Role.objects.create(person=administrator, unit=top, kind=Role.Kind.ADMINISTRATOR)
        wanted = max(1, self.people // PER_GROUP)
        areas = [self.unit(Unit.Kind.TRUST_AREA, top, n) for n in range(max(1, wanted // 50))]
        networks = [
            self.unit(Unit.Kind.NETWORK, areas[n % len(areas)], n) for n in range(len(areas) * 2)
        ]
        return [
            self.unit(Unit.Kind.LOCAL_GROUP, networks[n % len(networks)], n) for n in range(wanted)
        ]

    def unit(self, kind: str, parent: Unit | None, number: int) -> Unit:
        slug = f"load-{kind}-{number}".replace("_", "-")
        unit = Unit(kind=kind, parent=parent, slug=slug, name_nb=slug, position=number)
        unit.full_clean()
        unit.save()
        return unit

    def workplaces(self, groups: list[Unit]) -> dict[int, list[Workplace]]:
        top = Municipality.objects.current().filter(parent=None)
        municipalities: list[Municipality | None] = [*top] or [None]
        kinds = [kind for kind in Workplace.Kind if kind != Workplace.Kind.OTHER]
        places = {}
        for group in groups:
            rows = []
            for number in range(20):
                kind = self.lot.choice(kinds)
                rows.append(
                    Workplace(
                        name=f"{group.slug} {kind.label} {number}",
                        kind=kind,
                        service_level=kind.service_level,
                        area=group.parent.parent,
                        municipality=self.lot.choice(municipalities),
                    )
                )
            places[group.pk] = Workplace.objects.bulk_create(rows)
        return places

    def persons(self, prefix: str, wanted: int) -> Iterator[Person]:
        for number in range(wanted):
            given, family = self.lot.choice(GIVEN), self.lot.choice(FAMILY)
            yield Person(
                given_name=given,
                family_name=family,
                email=f"{plain(given)}.{plain(family)}.{prefix}{number}@load.example",
                work_phone=phone(self.lot),
                password="!",  # noqa: S106 -- nobody can log in with it
                is_active=self.lot.random() < 0.8,  # noqa: PLR2004 -- four in five
                confirmed_on=self.today - dt.timedelta(days=self.lot.randrange(400)),
            )

    def memberships(
        self,
        members: Iterable[Person],
        groups: list[Unit],
        workplaces: dict[int, list[Workplace]],
    ) -> Iterator[Membership]:
        professions = list(Profession.objects.all())
        for number, person in enumerate(members):
            group = groups[number % len(groups)]
            began = self.today - dt.timedelta(days=self.lot.randrange(1, self.days))
            if number % 5 == 0:  # one in five was somewhere else before
                left = began - dt.timedelta(days=self.lot.randrange(1, 300))
                start = left - dt.timedelta(days=self.lot.randrange(30, 900))
                yield self.membership(person, group, workplaces, professions, (start, left))
            yield self.membership(person, group, workplaces, professions, (began, None))

    def membership(
        self,
        person: Person,
        group: Unit,
        workplaces: dict[int, list[Workplace]],
        professions: list[Profession],
        period: tuple[dt.date, dt.date | None],
    ) -> Membership:
        return Membership(
            person=person,
            unit=group,
            workplace=self.lot.choice(workplaces[group.pk]),
            profession=self.lot.choice(professions),
            starts_on=period[0],
            ends_on=period[1],
        )

    def leading(
        self, memberships: Iterable[Membership], leaders: list[Person]
    ) -> Iterator[LeaderAssignment]:
        for membership in memberships:
            if membership.is_open and self.lot.random() < 0.97:  # noqa: PLR2004 -- a few have none
                yield LeaderAssignment(
                    membership=membership,
                    leader=self.lot.choice(leaders),
                    starts_on=membership.starts_on,
                )


def created(rows: Iterator[Any]) -> Iterator[Any]:
    """Save `rows` in batches, and yield them as they are saved."""
    while batch := list(islice(rows, BATCH)):
        model: type[models.Model] = type(batch[0])
        yield from model._default_manager.bulk_create(batch)
