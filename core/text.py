"""Norwegian order and forgiving search, alike in Python and in the database.

Neither a collation nor an extension is used, so any PostgreSQL gives the same answer.
"""

import re
import unicodedata
from typing import Any

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Coalesce
from django.utils.text import slugify

# Foreign letters fold to what a Norwegian would type; æ, ø and å stay letters of their own.
_FOLDS = {
    "a": "áàâãāăąÁÀÂÃĀĂĄ", "c": "čćçĉċČĆÇĈĊ", "d": "đďĐĎ", "e": "éèêëēĕėęěÉÈÊËĒĔĖĘĚ",
    "g": "ǧģĝğġǥǦĢĜĞĠǤ", "h": "ĥħĤĦ", "i": "íìîïĩīĭįıÍÌÎÏĨĪĬĮ", "j": "ĵĴ", "k": "ǩķǨĶ",
    "l": "ĺļľłĹĻĽŁ", "n": "ñńņňŋÑŃŅŇŊ", "o": "óòôõōŏÓÒÔÕŌŎ", "r": "ŕŗřŔŖŘ", "s": "šśŝşŠŚŜŞ",
    "t": "ŧťţŦŤŢ", "u": "úùûũūŭůųÚÙÛŨŪŬŮŲ", "w": "ŵŴ", "y": "ýÿŷüÝŸŶÜ", "z": "žźżŽŹŻ",
    "æ": "äÄÆ", "ø": "öőÖŐØ", "å": "Å",
}  # fmt: skip
_FROM = "".join(_FOLDS.values()) + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO = (
    "".join(letter * len(forms) for letter, forms in _FOLDS.items()) + "abcdefghijklmnopqrstuvwxyz"
)
_TABLE = str.maketrans(_FROM, _TO)
# The three last letters of the alphabet, as characters that sort after z byte by byte.
_ORDER = str.maketrans("æøå", "{|}")
_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


def fold(text: str) -> str:
    """Return `text` for searching: no capitals, no foreign accents, single spaces; æøå are kept."""
    composed = unicodedata.normalize("NFC", text).translate(_TABLE)
    return re.sub(r"\s+", " ", composed).strip()


def sort_key(text: str) -> str:
    """Return the key that puts `text` in Norwegian order (… z æ ø å, where aa counts as å)."""
    return fold(text).replace("aa", "å").translate(_ORDER)


def web_name(text: str) -> str:
    """Return `text` as it stands in an address: «Øvre Årdal» becomes `ovre-ardal`."""
    return slugify(fold(text).translate(_PLAIN))


class Folded(Func):
    """`fold` in the database, for generated columns."""

    function = "translate"
    output_field = CharField()

    def __init__(self, expression: Any) -> None:
        super().__init__(Coalesce(expression, Value("")), Value(_FROM), Value(_TO))


class SortKey(Func):
    """`sort_key` in the database; the column must have the collation "C"."""

    function = "translate"
    output_field = CharField()

    def __init__(self, expression: Any) -> None:
        folded = Func(Folded(expression), Value("aa"), Value("å"), function="replace")
        super().__init__(folded, Value("æøå"), Value("{|}"))


class Joined(Func):
    """Fields with a space between, immutable (unlike CONCAT), so fit for generated columns."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = CharField()

    def __init__(self, *fields: str) -> None:
        super().__init__(*(Coalesce(F(field), Value("")) for field in fields))
