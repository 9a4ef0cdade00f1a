"""The words of a network: professions and positions. Data, not code."""

from typing import Any, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import ScopedQuerySet
from core.text import fold
from network.models import Unit


class NamedQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return all: these lists are the same for everyone."""
        return self.all()

    def named(self, name: str) -> Self:
        return self.filter(names__contains=[fold(name)])


class Named(models.Model):
    """A word of the network, in both written forms, with the other words people use for it."""

    name = models.CharField(_("name"), max_length=80)
    aliases = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("other names")
    )
    names = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    position = models.PositiveIntegerField(_("order"), default=0)

    name_nb: str  # the columns that modeltranslation adds
    name_nn: str
    name_en: str

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep `names`: every folded name under which this is found."""
        super().clean()
        given = [self.name_nb, self.name_nn, self.name_en, *self.aliases]
        self.names = sorted({fold(name) for name in given if name})


@pghistory.track(exclude=["names"])
class Profession(Named):
    """Faggruppe: nurse, social educator, physiotherapist … Data, not code. No personal data."""

    code = models.SlugField(max_length=40, unique=True)
    networks = models.ManyToManyField(
        Unit,
        related_name="professions",
        blank=True,
        limit_choices_to={"kind": Unit.Kind.NETWORK},
        verbose_name=_("networks"),
    )

    objects = NamedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("profession")
        verbose_name_plural = _("professions")


@pghistory.track(exclude=["names"])
class Position(Named):
    """Stilling beside the profession (kreftkoordinator). Data, not code. No personal data."""

    code = models.SlugField(max_length=40, unique=True)
    profession = models.ForeignKey(
        Profession,
        models.PROTECT,
        related_name="positions",
        verbose_name=_("profession"),
        help_text=_("The profession that a roster means when it names only the position."),
    )

    objects = NamedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("position")
        verbose_name_plural = _("positions")
