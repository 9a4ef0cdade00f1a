"""Passwords that anyone who knows the network would try first."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import fold
from network.models import Unit

# Words of the trade; the names of the units are added from the database.
WORDS = [
    "ressursnett",
    "ressursperson",
    "ressurssykepleier",
    "kontaktsykepleier",
    "koordinator",
    "nettverk",
    "sykehus",
    "sjukehus",
    "helse",
    "kommune",
    "helseregion",
    "palliasjon",
    "kreft",
    "sykepleier",
    "sjukepleiar",
    "passord",
    "password",
]
LEFT = 8


class ContextWordsValidator:
    """Refuse a password that is little more than words everybody here would guess (AN-02)."""

    def validate(self, password: str, user: Any = None) -> None:
        names = [name for names in Unit.objects.values_list("names", flat=True) for name in names]
        words = {word for name in [*WORDS, *names] for word in name.split() if len(word) > 3}  # noqa: PLR2004 -- "og", "i" and "for" give nothing away
        rest = fold(password)
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < LEFT:
            raise ValidationError(
                _("The password is too easy to guess for anyone who knows the network."),
                code="password_context_words",
            )

    def get_help_text(self) -> str:
        """Say the rule before the password is written."""
        return ngettext(
            "Names of places and units do not count: at least %(count)d letter besides them.",
            "Names of places and units do not count: at least %(count)d letters besides them.",
            LEFT,
        ) % {"count": LEFT}
