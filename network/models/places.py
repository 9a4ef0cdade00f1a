"""Municipalities, workplaces, and what a group covers."""

from typing import Any, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Dated, DatedQuerySet, ScopedQuerySet, Stamped
from core.text import Folded, SortKey, fold
from network.models.units import Unit, units_known_to


class MunicipalityQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return all: municipalities are public knowledge."""
        return self.all()

    def named(self, name: str) -> Self:
        return self.filter(name_folded=fold(name))


@pghistory.track(exclude=["name_order", "name_folded"])
class Municipality(Dated):
    """A kommune, or a bydel as the child of one. Nothing is keyed on a name. No personal data."""

    class WrittenForm(models.TextChoices):
        NB = "nb", _("Bokmål")
        NN = "nn", _("Nynorsk")
        NEUTRAL = "neutral", _("Neutral")

    number = models.CharField(_("number"), max_length=6, blank=True)
    name = models.CharField(_("name"), max_length=100)
    sami_name = models.CharField(_("Sámi name"), max_length=100, blank=True)
    county_number = models.CharField(max_length=2, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    written_form = models.CharField(
        _("written form"),
        max_length=10,
        choices=WrittenForm.choices,
        default=WrittenForm.NEUTRAL,
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="districts"
    )
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors"
    )
    name_order = models.GeneratedField(
        expression=SortKey("name"),
        output_field=models.CharField(max_length=120, db_collation="C"),
        db_persist=True,
    )
    name_folded = models.GeneratedField(
        expression=Folded("name"),
        output_field=models.CharField(max_length=120),
        db_persist=True,
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name_order"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(ends_on=None) & ~Q(number=""),
                name="network_municipality_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkplaceQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return those in the trust areas that the user's units are part of, or that hold them."""
        return self.filter(area__in=units_known_to(user))

    def search(self, words: str) -> Self:
        """Return those whose name holds every one of `words`."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(name_folded__contains=fold(word))
        return found

    def narrowed_by(
        self,
        *,
        q: str = "",
        unit: Unit | None = None,
        kind: str = "",
        level: str = "",
        closed: bool = False,
    ) -> Self:
        """Return what the filters of the list leave; an empty one leaves everything."""
        found = self.search(q)
        if unit:
            found = found.filter(area__in=Unit.objects.under(unit).order_by().values("pk"))
        if kind:
            found = found.filter(kind=kind)
        if level:
            found = found.filter(service_level=level)
        return found if closed else found.filter(ends_on=None)

    def named(self, name: str) -> Self:
        return self.filter(name_folded=fold(name))


@pghistory.track(exclude=["name_order", "name_folded"])
class Workplace(Dated, Stamped):
    """The unit a member works at (arbeidssted): a zone, a home, a ward. No personal data."""

    class ServiceLevel(models.TextChoices):
        MUNICIPAL = "municipal", _("Municipal services")
        SPECIALIST = "specialist", _("Specialist services")

    class Kind(models.TextChoices):
        HOME_CARE = "home_care", _("Home care")
        HOME_CARE_ZONE = "home_care_zone", _("Home-care zone")
        NURSING_HOME = "nursing_home", _("Nursing home")
        SHELTERED_HOUSING = "sheltered_housing", _("Sheltered housing")
        EMERGENCY_CLINIC = "emergency_clinic", _("Emergency clinic")
        HOSPITAL_WARD = "hospital_ward", _("Hospital ward")
        OUTPATIENT_CLINIC = "outpatient_clinic", _("Outpatient clinic")
        SPECIALIST_UNIT = "specialist_unit", _("Specialist unit")
        OTHER = "other", _("Other")

        @property
        def service_level(self) -> "Workplace.ServiceLevel":
            """The level a workplace of this kind belongs to, unless it says otherwise."""
            hospital = {self.HOSPITAL_WARD, self.OUTPATIENT_CLINIC, self.SPECIALIST_UNIT}
            levels = Workplace.ServiceLevel
            return levels.SPECIALIST if self in hospital else levels.MUNICIPAL

    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    service_level = models.CharField(
        _("service level"), max_length=20, choices=ServiceLevel.choices
    )
    area = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="workplaces",
        limit_choices_to={"kind__in": Unit.KEEPS_WORKPLACES},
        verbose_name=_("trust area"),
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workplaces",
        verbose_name=_("municipality"),
    )
    needs_resource_person = models.BooleanField(_("needs a resource person"), default=True)
    name_order = models.GeneratedField(
        expression=SortKey("name"),
        output_field=models.CharField(max_length=170, db_collation="C"),
        db_persist=True,
    )
    name_folded = models.GeneratedField(
        expression=Folded("name"),
        output_field=models.CharField(max_length=170),
        db_persist=True,
    )

    objects = WorkplaceQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")
        ordering = ["name_order"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["area", "municipality", "name_folded"],
                condition=Q(ends_on=None),
                name="network_workplace_once",
                nulls_distinct=False,
                violation_error_message=_("There is already a workplace of this name here."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:workplace", args=[self.pk])


class UnitAreaQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(unit__in=units_known_to(user))


@pghistory.track()
class UnitArea(models.Model):
    """What a local group covers: a municipality, a district, or one workplace. No personal data."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="covers", verbose_name=_("unit"))
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="covered_by",
        verbose_name=_("municipality"),
    )
    workplace = models.ForeignKey(
        Workplace,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="covered_by",
        verbose_name=_("workplace"),
    )

    objects = UnitAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("covered area")
        verbose_name_plural = _("covered areas")
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality=None) ^ Q(workplace=None),
                name="network_unitarea_one_of_two",
                violation_error_message=_("Choose either a municipality or a workplace."),
            ),
            models.UniqueConstraint(
                fields=["unit", "municipality", "workplace"],
                name="network_unitarea_once",
                nulls_distinct=False,
                violation_error_message=_("The group already covers this."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality or self.workplace)
