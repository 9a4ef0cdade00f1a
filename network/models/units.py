"""The tree of units, and the roles that cover them."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar, Self, TypeVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from core.models import Dated, DatedQuerySet, Stamped
from core.text import SortKey, fold

R = TypeVar("R")


class UnitQuerySet(DatedQuerySet, TreeQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return what the user's roles cover, what she belongs to, and the way up to the top."""
        return self.filter(pk__in=units_known_to(user))

    def managed_by(self, user: Any) -> Self:
        """Return the units where the user is administrator or coordinator, and all under them."""
        return self.filter(pk__in=units_covered_by(user, Role.MANAGING))

    def under(self, *units: "Unit | int") -> Self:
        """Return `units` and everything below them."""
        keys = [unit.pk if isinstance(unit, Unit) else unit for unit in units]
        return self.filter(pk__in=_below(keys))

    def in_tree_order(self) -> Self:
        """Return them depth first, brothers and sisters in their own order, with `tree_depth`."""
        tree = self.with_tree_fields().order_siblings_by("position", "name_nb")
        return tree.extra(order_by=["__tree.tree_ordering"])

    def named(self, name: str) -> Self:
        """Return the units that `name` means: a name, short name, Sámi name or alias, folded."""
        return self.filter(names__contains=[fold(name)])


@pghistory.track(exclude=["names", "name_order"])
class Unit(TreeNode, Dated, Stamped):
    """One level of the organisation: helseregion, foretaksområde, nettverk or lokal gruppe.

    No personal data.
    """

    class Kind(models.TextChoices):
        REGION = "region", _("Health region")
        TRUST_AREA = "trust_area", _("Trust area")
        NETWORK = "network", _("Network")
        LOCAL_GROUP = "local_group", _("Local group")

    class Strictness(models.TextChoices):
        MANDATORY = "mandatory", _("Meetings are mandatory")
        RECOMMENDED = "recommended", _("Meetings are recommended")

    # A network that stands directly under its region has its workplaces there.
    KEEPS_WORKPLACES: ClassVar = (Kind.TRUST_AREA, Kind.REGION)
    # What may stand directly under what; a region is the top.
    CHILDREN: ClassVar = {
        None: {Kind.REGION},
        Kind.REGION: {Kind.TRUST_AREA, Kind.NETWORK},
        Kind.TRUST_AREA: {Kind.NETWORK},
        Kind.NETWORK: {Kind.LOCAL_GROUP},
        Kind.LOCAL_GROUP: set(),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    slug = models.SlugField(_("short web name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=150)
    sami_name = models.CharField(_("Sámi name"), max_length=150, blank=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=150),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Names that rosters and people use for the same unit."),
    )
    names = ArrayField(models.CharField(max_length=150), default=list, editable=False)
    position = models.PositiveIntegerField(_("order"), default=0)
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    role_name = models.CharField(
        _("what a member is called"),
        max_length=60,
        blank=True,
        help_text=_("For example «ressurssykepleier» or «kontaktsykepleier»."),
    )
    strictness = models.CharField(
        _("meetings"),
        max_length=20,
        choices=Strictness.choices,
        default=Strictness.RECOMMENDED,
    )
    description = models.TextField(_("about"), blank=True)
    name_order = models.GeneratedField(
        expression=SortKey(Coalesce(NullIf("short_name", Value("")), "name_nb")),
        output_field=models.CharField(max_length=170, db_collation="C"),
        db_persist=True,
    )

    objects = UnitQuerySet.as_manager(with_tree_fields=False)  # type: ignore[call-arg]

    class Meta(Dated.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:unit", args=[self.slug])

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def may_have_children(self) -> bool:
        return bool(self.CHILDREN[self.Kind(self.kind)])

    @property
    def keeps_workplaces(self) -> bool:
        return self.kind in self.KEEPS_WORKPLACES

    def workplace_area(self) -> "Unit":
        """Return the trust area that keeps the workplaces, or the region if there is none."""
        line = self.ancestors(include_self=True).filter(kind__in=self.KEEPS_WORKPLACES)
        return line.last()

    def clean(self) -> None:
        """Keep `names`, every folded name under which the unit is found, and the order of kinds."""
        super().clean()
        if self.kind and self.kind not in self.CHILDREN[self.parent and self.parent.kind]:
            raise ValidationError(
                {NON_FIELD_ERRORS: _("A unit of this kind cannot stand there.")}, code="kind"
            )
        given = [self.name_nb, self.name_nn, self.name_en, self.sami_name, self.short_name]
        self.names = sorted({fold(name) for name in [*given, *self.aliases] if name})


class RoleQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return one's own, those of the units one manages, and whom one may turn to."""
        contacts = (
            Role.objects.current()
            .order_by()
            .filter(kind__in=Role.CONTACTS, unit__in=units_known_to(user))
        )
        return self.filter(
            Q(unit__in=units_covered_by(user, Role.MANAGING))
            | Q(person=user)
            | Q(pk__in=contacts.values("pk")),
        )

    def lasting(self, day: dt.date) -> Self:
        """Return what is in force on `day` and has no end."""
        return self.on(day).filter(ends_on=None, person__anonymised_at=None)

    def managing(self) -> Self:
        return self.filter(kind__in=Role.MANAGING)


@pghistory.track()
class Role(Dated, Stamped):
    """What a person may do at a unit and everything under it. Immutable but for its end.

    Personal data: who held which role when; kept 24 months after its end.
    """

    class Kind(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        COORDINATOR = "coordinator", _("Coordinator")
        GROUP_CONTACT = "group_contact", _("Group contact")
        READER = "reader", _("Reader")

    MANAGING: ClassVar = (Kind.ADMINISTRATOR, Kind.COORDINATOR)
    # Those whom everybody who knows the unit may turn to, and therefore sees.
    CONTACTS: ClassVar = (Kind.COORDINATOR, Kind.GROUP_CONTACT)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles", verbose_name=_("unit"))
    kind = models.CharField(_("role"), max_length=20, choices=Kind.choices)

    objects = RoleQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit", "kind"],
                condition=Q(ends_on=None),
                name="network_role_once",
                violation_error_message=_("This person already has this role here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.unit}"

    def get_absolute_url(self) -> str:
        return self.unit.get_absolute_url()

    @property
    def is_managing(self) -> bool:
        return self.kind in self.MANAGING


def _below(keys: list[int]) -> list[int]:
    """Return `keys` and the keys of all units under them, in one query."""
    return [key for key, _path in _paths_below(keys)]


def _paths_below(keys: list[int]) -> list[tuple[int, list[int]]]:
    """Return the units at and under `keys`, each with its way down from the top, in one query."""
    if not keys:
        return []
    tree = Unit.objects.with_tree_fields().extra(
        where=["__tree.tree_path && %s::bigint[]"],
        params=[keys],
    )
    return list(tree.values_list("pk", "tree_path"))


def asked_once(function: Callable[[Any], R]) -> Callable[[Any], R]:
    """Remember the answer on the user, whose object lives as long as the request."""
    name = f"_{function.__name__}"

    @wraps(function)
    def wrapper(user: Any) -> R:
        # Not by __dict__: `request.user` is a lazy object that has one of its own.
        if not hasattr(user, name):
            setattr(user, name, function(user))
        return getattr(user, name)

    return wrapper


@asked_once
def ways_to_covered(user: Any) -> list[tuple[int, list[int]]]:
    """Return the units that the user's roles cover, each with its way down from the top."""
    return _paths_below([role.unit_id for role in user.current_roles])


def units_covered_by(user: Any, kinds: tuple[str, ...] = tuple(Role.Kind)) -> list[int]:
    """Return the keys of the units that the user's roles of `kinds` cover."""
    tops = {role.unit_id for role in user.current_roles if role.kind in kinds}
    return [key for key, path in ways_to_covered(user) if not tops.isdisjoint(path)]


def units_coordinated_from_above(user: Any) -> list[int]:
    """Return the keys of the units that stand under one of which the user is coordinator."""
    tops = {role.unit_id for role in user.current_roles if role.kind == Role.Kind.COORDINATOR}
    return [key for key, path in ways_to_covered(user) if not tops.isdisjoint(path[:-1])]


# The apps above say here to which units a person belongs without a role: as a member, as a leader.
BELONGING: list[Callable[[Any], Iterable[int]]] = []


# The apps above say here which dated rows, with a `unit` and a `workplace`, count as members.
MEMBERS: list[Callable[[], DatedQuerySet]] = []


# The apps above say here whom a user may find by name, as a query for keys of persons.
FINDABLE: list[Callable[[Any], models.QuerySet]] = []


@asked_once
def units_known_to(user: Any) -> list[int]:
    """Return the keys of units covered or belonged to, by the user or her people, and all above."""
    known = {key for _, path in ways_to_covered(user) for key in path}
    own = {key for belonging in BELONGING for key in belonging(user)}
    if not own <= known:
        above = Unit.objects.with_tree_fields().filter(pk__in=own - known)
        known.update(key for path in above.values_list("tree_path", flat=True) for key in path)
    return sorted(known)


@asked_once
def areas_managed_by(user: Any) -> list[int]:
    """Return the keys of the trust areas, or regions, that keep the workplaces of managed units."""
    managed = set(units_covered_by(user, Role.MANAGING))
    paths = [path for key, path in ways_to_covered(user) if key in managed]
    keepers = set(
        Unit.objects.filter(
            pk__in={key for path in paths for key in path},
            kind__in=Unit.KEEPS_WORKPLACES,
        ).values_list("pk", flat=True),
    )
    nearest = {next(key for key in reversed(path) if key in keepers) for path in paths}
    return sorted(nearest)
