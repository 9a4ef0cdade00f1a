"""Builds the demo network: the facts of real networks, with fictional people."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Person
from config.demo import logins
from config.demo import organisation as facts
from config.demo.people import Name, names, phone
from core.actions import action
from members import actions
from members.models import (
    ChangeRequest,
    Education,
    LeaderAssignment,
    Membership,
    Position,
    Profession,
)
from network.models import Municipality, Role, Unit, UnitArea, Workplace

T = TypeVar("T", bound=Any)

PLACES = (
    ("{place} sykehjem", Workplace.Kind.NURSING_HOME),
    ("{place} hjemmetjeneste, sone nord", Workplace.Kind.HOME_CARE_ZONE),
    ("{place} hjemmetjeneste, sone sør", Workplace.Kind.HOME_CARE_ZONE),
    ("{place} omsorgsboliger", Workplace.Kind.SHELTERED_HOUSING),
    ("{place} helsehus", Workplace.Kind.NURSING_HOME),
)
BERGEN_BOROUGHS = ("Arna", "Fana", "Fyllingsdalen", "Laksevåg", "Ytrebygda", "Åsane")
WARDS = ("kreftposten", "medisinsk post", "lungeposten", "palliativ enhet", "kirurgisk post")
EDUCATIONS = (
    (Education.Kind.FURTHER, "Videreutdanning i kreftsykepleie"),
    (Education.Kind.FURTHER, "Videreutdanning i palliasjon"),
    (Education.Kind.MASTER, "Master i kreftsykepleie"),
)


@action("config.demo.built", says=gettext_lazy("Loaded the demo network"))
def build(*, by: None = None) -> None:  # noqa: ARG001 -- the shell acts
    """Make the whole demo network, in one transaction."""
    Builder().build()


class Builder:
    """One run: the lot, the names not yet used, and the day it happens."""

    def __init__(self) -> None:
        self.lot = random.Random(2026)  # noqa: S311 -- the same people every time
        self.names = names(self.lot)
        self.today = timezone.localdate()
        self.taken: set[str] = set()
        self.positions: dict[int, list[Position]] = defaultdict(list)
        for position in Position.objects.all():
            self.positions[position.profession_id].append(position)

    def build(self) -> None:
        for position, region in enumerate(facts.REGIONS):
            self.region(region, position)
        self.logins()
        self.faults()

    # -- the tree ----------------------------------------------------------------------------

    def region(self, region: facts.Region, position: int) -> None:
        top = unit(Unit.Kind.REGION, None, region.slug, region.nb, position=position)
        for number, area in enumerate(region.areas):
            place = top
            if area.slug:
                kind = Unit.Kind.TRUST_AREA
                place = unit(kind, top, area.slug, area.nb, short_name=area.short, position=number)
            for order, network in enumerate(area.networks):
                self.network(network, place, area.domain, order)

    def network(self, network: facts.Network, parent: Unit, domain: str, position: int) -> None:
        row = unit(
            Unit.Kind.NETWORK,
            parent,
            network.slug,
            network.nb,
            name_nn=network.nn,
            short_name=network.short,
            sami_name=network.sami,
            aliases=list(network.aliases),
            strictness=network.strictness,
            role_name_nb=network.role_nb,
            role_name_nn=network.role_nn,
            description_nb=network.description_nb,
            description_nn=network.description_nn,
            position=position,
        )
        professions = [Profession.objects.named(name).get() for name in network.professions]
        row.professions.set(professions)
        (coordinator,) = self.people(domain, 1)
        self.give(coordinator, row, Role.Kind.COORDINATOR)
        for order, group in enumerate(network.groups):
            self.group(group, row, domain, order, professions)

    def group(
        self,
        group: facts.Group,
        network: Unit,
        domain: str,
        position: int,
        professions: list[Profession],
    ) -> None:
        row = unit(
            Unit.Kind.LOCAL_GROUP,
            network,
            group.slug,
            group.nb,
            name_nn=group.nn or group.nb,
            aliases=list(group.aliases),
            position=position,
        )
        area = row.workplace_area()
        workplaces = [*self.municipal(group, row, area), *self.wards(group, row, area)]
        leaders = self.people(domain, max(2, group.members // 3), may_log_in=True)
        people = self.people(domain, group.members)
        memberships = Membership.objects.bulk_create(
            self.membership(person, row, workplace, professions)
            for person, workplace in zip(people, cycle(workplaces), strict=False)
        )
        LeaderAssignment.objects.bulk_create(
            LeaderAssignment(membership=membership, leader=leader, starts_on=membership.starts_on)
            for membership, leader in zip(memberships, cycle(leaders), strict=False)
        )
        Education.objects.bulk_create(self.educations(people))
        if position == 0:
            self.give(people[0], row, Role.Kind.GROUP_CONTACT)

    def municipal(self, group: facts.Group, row: Unit, area: Unit) -> Iterator[Workplace]:
        for name in group.places:
            municipality = Municipality.objects.current().get(name=name)
            UnitArea.objects.create(unit=row, municipality=municipality)
            places = BERGEN_BOROUGHS if name == "Bergen" else (name,)
            kinds = PLACES if len(group.places) < 4 else PLACES[:3]  # noqa: PLR2004 -- few or many
            for place in places:
                for pattern, kind in kinds[: 2 if len(places) > 1 else None]:
                    yield workplace(pattern.format(place=place), kind, area, municipality)

    def wards(self, group: facts.Group, row: Unit, area: Unit) -> Iterator[Workplace]:
        if group.hospital:
            for ward in WARDS:
                place = workplace(
                    f"{group.hospital}, {ward}", Workplace.Kind.HOSPITAL_WARD, area, None
                )
                UnitArea.objects.create(unit=row, workplace=place)
                yield place

    # -- people ------------------------------------------------------------------------------

    def people(self, domain: str, count: int, *, may_log_in: bool | None = None) -> list[Person]:
        """Make the next people; unless told, three in four may log in and have confirmed."""
        rows = []
        for _ in range(count):
            name = next(name for name in self.names if name.address(domain) not in self.taken)
            invited = self.lot.random() < 0.75 if may_log_in is None else may_log_in  # noqa: PLR2004
            rows.append(self.person(name, name.address(domain), is_active=invited))
        return Person.objects.bulk_create(rows)

    def person(self, name: Name, email: str, *, is_active: bool) -> Person:
        self.taken.add(email)
        confirmed = self.today - dt.timedelta(days=self.lot.randrange(5, 260))
        person = Person(
            given_name=name.given,
            family_name=name.family,
            email=email,
            work_phone=phone(self.lot),
            language=self.lot.choice(["nb", "nb", "nb", "nn"]),
            confirmed_on=confirmed if is_active else None,
            is_active=is_active,
            last_login=self.last_login(confirmed) if is_active else None,
        )
        person.set_unusable_password()
        return person

    def last_login(self, confirmed: dt.date) -> dt.datetime | None:
        """Most of those who may log in have done so, the day they confirmed their data."""
        at = dt.datetime.combine(confirmed, dt.time(9, 30), timezone.get_current_timezone())
        return at if self.lot.random() < 0.85 else None  # noqa: PLR2004

    def membership(
        self, person: Person, group: Unit, workplace: Workplace, professions: list[Profession]
    ) -> Membership:
        profession = professions[0] if self.lot.random() < 0.7 else professions[-1]  # noqa: PLR2004
        positions = self.positions[profession.pk]
        return Membership(
            person=person,
            unit=group,
            workplace=workplace,
            profession=profession,
            position=self.lot.choice(positions) if positions and self.lot.random() < 0.2 else None,  # noqa: PLR2004
            starts_on=self.today - dt.timedelta(days=self.lot.randrange(40, 4000)),
        )

    def educations(self, people: list[Person]) -> Iterator[Education]:
        for person in people:
            if self.lot.random() < 0.4:  # noqa: PLR2004 -- two in five
                kind, title = self.lot.choice(EDUCATIONS)
                year = self.lot.randrange(2008, self.today.year)
                yield Education(person=person, kind=kind, title=title, completed_in=year)

    def give(self, person: Person, unit: Unit, kind: str) -> None:
        began = self.today - dt.timedelta(days=900)
        save(Role(person=person, unit=unit, kind=kind, starts_on=began))
        Person.objects.filter(pk=person.pk).update(is_active=True)

    # -- those one can log in as, and what is wrong --------------------------------------------

    def logins(self) -> None:
        people = {
            login.role: self.person(Name(login.given, login.family), login.email, is_active=True)
            for login in logins.LOGINS
        }
        Person.objects.bulk_create(people.values())
        for top in Unit.objects.filter(kind=Unit.Kind.REGION):
            self.give(people["administrator"], top, Role.Kind.ADMINISTRATOR)
        bergen = Unit.objects.get(slug=facts.BERGEN.slug)
        self.give(people["coordinator"], bergen, Role.Kind.COORDINATOR)
        first = Unit.objects.get(slug=facts.BERGEN.networks[0].groups[0].slug)
        # The nurse takes the place of one drawn by lot, so that the counts stay those of the seeds.
        place = Membership.objects.filter(unit=first).latest("pk")
        old = place.person
        Membership.objects.filter(pk=place.pk).update(person=people["nurse"])
        old.delete()
        for membership in Membership.objects.filter(unit=first).order_by("-pk")[:3]:
            began = self.today - dt.timedelta(days=120)
            actions.change_leader(membership, leader=people["leader"], on=began, by=None)
        Person.objects.filter(pk=people["nurse"].pk).update(
            confirmed_on=self.today - dt.timedelta(days=200), language="nb"
        )
        keys = [person.pk for person in people.values()]
        Person.objects.filter(pk__in=keys).update(language="nb")

    def faults(self) -> None:
        """Leave something to act on: no leader, no resource person, a wish, somebody who left."""
        coordinator = Person.objects.get(email=logins.COORDINATOR.email)
        for network in Unit.objects.filter(kind=Unit.Kind.NETWORK).order_by("pk"):
            open_ones = Membership.objects.open().filter(unit__parent=network).order_by("pk")
            without, leaving = list(open_ones[3:6]), list(open_ones[7:8])
            for membership in without:
                actions.change_leader(membership, leader=None, on=self.today, by=coordinator)
            for membership in leaving:
                self.successor_missing(membership, coordinator)
            groups = list(network.children.all()[:2])
            asking = open_ones.filter(unit=groups[0]).order_by("-pk")[1:2]
            for membership in asking if len(groups) > 1 else ():
                save(ChangeRequest(membership=membership, unit=groups[1], note="Ny stilling."))

    def successor_missing(self, membership: Membership, by: Person) -> None:
        """Somebody left, a new one came elsewhere, and the workplace stands empty."""
        empty = workplace(
            f"{membership.workplace.municipality} dagsenter",
            Workplace.Kind.OTHER,
            membership.workplace.area,
            membership.workplace.municipality,
        )
        domain = membership.person.email.split("@")[1]
        (leaver,) = self.people(domain, 1)
        left = actions.start_membership(
            leaver,
            unit=membership.unit,
            workplace=empty,
            profession=membership.profession,
            on=self.today - dt.timedelta(days=1500),
            by=None,
        )
        reason = Membership.EndReason.NEW_JOB
        actions.end_membership(left, on=self.today - dt.timedelta(days=33), reason=reason, by=by)


def save(row: T) -> T:
    """Check the row as its action would, and save it."""
    row.full_clean()
    row.save()
    return row


def unit(kind: str, parent: Unit | None, slug: str, name: str, **fields: object) -> Unit:
    fields.setdefault("name_nn", name)
    began = dt.date(2006, 8, 1)
    return save(Unit(kind=kind, parent=parent, slug=slug, name_nb=name, starts_on=began, **fields))


def workplace(name: str, kind: str, area: Unit, municipality: Municipality | None) -> Workplace:
    """Return the workplace of this name, made the first time."""
    found = Workplace.objects.named(name).filter(area=area, municipality=municipality).first()
    return found or Workplace.objects.create(
        name=name,
        kind=kind,
        service_level=Workplace.Kind(kind).service_level,
        area=area,
        municipality=municipality,
        starts_on=dt.date(2006, 8, 1),
    )


def is_built() -> bool:
    return Unit.objects.filter(slug=facts.BERGEN.slug).exists()


def build_once() -> None:
    """Build the demo network unless it stands already."""
    with transaction.atomic():
        if not is_built():
            build(by=None)
