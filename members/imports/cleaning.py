"""From what stands in a cell to what the portal keeps; each cleaner returns it or refuses."""

import datetime as dt
import re
import tomllib
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from core import phones
from core.exports import unescape
from core.text import fold

WORDS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8"),
)
_NOTHING = frozenset(WORDS["cells"]["nothing"])
_FIRST_YEAR = 1970
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_MONTHS = {name: at for at, names in enumerate(WORDS["months"]["names"], 1) for name in names}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}


class Unclean(Exception):  # noqa: N818 -- a finding about a cell, not a programming error
    """The cell cannot be kept: `code` is a key of `reasons.SENTENCES`."""

    def __init__(self, code: str, /, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words: dict[str, Any] = words


def clean_text(value: str) -> str:
    """Return `value` composed, on one line, without what cannot be seen."""
    if value.isascii() and value.isprintable():
        return value.strip() if "  " not in value else " ".join(value.split())
    composed = unicodedata.normalize("NFC", value)
    seen = "".join(
        " " if letter.isspace() else letter
        for letter in composed
        if letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


@lru_cache(maxsize=10_000)
def is_nothing(value: str) -> bool:
    """Tell whether the cell says that there is nothing to say."""
    return not value or fold(value) in _NOTHING


@lru_cache(maxsize=10_000)
def key_of(name: str) -> str:
    """Return what decides whether two names are the same: no capitals, marks, or Roman numerals."""
    words = re.sub(r"[^\w]+", " ", fold(name)).split()
    return " ".join(_ROMAN.get(word, word) for word in words)


def words_of(value: str, *, longest: int) -> str:
    """Return a name of something. Raises Unclean when it is a formula, or too long."""
    kept = unescape(value)
    if kept == value and value.startswith(("=", "+", "-", "@", "|")):
        raise Unclean("formula", value=shortened(value))
    value = kept
    if len(value) > longest:
        raise Unclean("too_long", value=shortened(value))
    return value


def shortened(value: str) -> str:
    """Return `value` short enough to be read in a sentence."""
    most = 60
    return value if len(value) <= most else value[:most] + "…"


# -- Persons ---------------------------------------------------------------------------------


def split_name(value: str) -> tuple[str, str]:
    """Return given and family name of “Family, Given” or “Given Family”."""
    value = words_of(value, longest=200)
    if "," in value:
        family, _comma, given = (part.strip() for part in value.partition(","))
    else:
        given, _space, family = value.rpartition(" ")
    if not given or not family:
        raise Unclean("name_halved", value=shortened(value))
    return name_part(given), name_part(family)


def name_part(value: str) -> str:
    """Return a given or a family name."""
    value = words_of(value, longest=100)
    if not any(letter.isalpha() for letter in value):
        raise Unclean("no_name", value=shortened(value))
    return value


@lru_cache(maxsize=10_000)
def email(value: str) -> str:
    """Return the address in small letters; a slip is refused with a proposal."""
    address = unescape(value).lower().removeprefix("mailto:")
    if found := re.fullmatch(r"[^<>]*<\s*([^<>\s]+)\s*>", address):
        address = found[1]
    address = address.strip(" ;,.")
    if _is_email(address):
        return address
    for code, proposal in (
        ("email_comma", address.replace(",", ".")),
        ("email_space", address.replace(" ", "")),
        ("email_at", re.sub(r"\s*(\(at\)|\[at\]|\(a\)| at )\s*", "@", address)),
    ):
        if proposal != address and _is_email(proposal):
            raise Unclean(code, value=shortened(value), proposal=proposal)
    raise Unclean("email_letters" if _has_foreign(address) else "email_bad", value=shortened(value))


def _has_foreign(address: str) -> bool:
    return "@" in address and not address.isascii()


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254  # noqa: PLR2004 -- the column's length


def phone(value: str) -> str:
    """Return the number in the one form in which numbers are kept."""
    try:
        return phones.parse(unescape(value))
    except ValueError as error:
        raise Unclean("phone_bad", value=shortened(value)) from error


# -- Dates and figures -----------------------------------------------------------------------


def date(value: str) -> dt.date:
    """Return the day that `value` means; a month or a year alone means its first day."""
    for pattern, read in _DATES:
        if found := pattern.fullmatch(value.strip(". ").lower()):
            try:
                day = read(*found.groups())
            except (ValueError, OverflowError) as error:
                raise Unclean("date_impossible", value=shortened(value)) from error
            break
    else:
        raise Unclean("date_bad", value=shortened(value))
    if not dt.date(_FIRST_YEAR, 1, 1) <= day <= timezone.localdate() + dt.timedelta(days=366):
        raise Unclean("date_unlikely", value=shortened(value))
    return day


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 -- written in full
        return year
    return 2000 + year if 2000 + year <= timezone.localdate().year + 1 else 1900 + year


def _month(name: str) -> int:
    if name not in _MONTHS:
        raise ValueError("no such month")
    return _MONTHS[name]


def _eight_digits(digits: str) -> dt.date:
    if _FIRST_YEAR <= int(digits[:4]) <= 2100:  # noqa: PLR2004 -- a year
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return dt.date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))


_DATES: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(p, re.ASCII), read)
    for p, read in [
        (
            r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ][\d:.]+)?",
            lambda y, m, d: dt.date(int(y), int(m), int(d)),
        ),
        (
            r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})",
            lambda d, m, y: dt.date(_year(y), int(m), int(d)),
        ),
        (r"(\d{8})", _eight_digits),
        (
            r"(\d{2})(\d{2})(\d{2})",
            lambda d, m, y: dt.date(_year(y), int(m), int(d)),
        ),
        (r"(\d{5})", lambda n: _EXCEL_EPOCH + dt.timedelta(days=int(n))),
        (r"(\d{4})", lambda y: dt.date(int(y), 1, 1)),
        (r"(\d{1,2})[./-](\d{4})", lambda m, y: dt.date(int(y), int(m), 1)),
        (r"(\d{4})-(\d{2})", lambda y, m: dt.date(int(y), int(m), 1)),
    ]
] + [
    (re.compile(p), read)
    for p, read in [
        (
            r"([0-9]{1,2})\.?\s*([a-z]+)\.?,?\s*([0-9]{4})",
            lambda d, m, y: dt.date(int(y), _month(m), int(d)),
        ),
        (r"([a-z]+)\.?\s*([0-9]{4})", lambda m, y: dt.date(int(y), _month(m), 1)),
    ]
]


def hours(value: str) -> Decimal:
    """Return hours per month with one decimal."""
    bare = re.sub(r"\s*(timer|timar|time|hours|t|h)\.?$", "", value.lower()).replace(",", ".")
    try:
        number = Decimal(bare) if len(bare) < 12 else Decimal(-1)  # noqa: PLR2004 -- no 5,000 digits
    except InvalidOperation:
        number = Decimal(-1)
    most = 200
    if not number.is_finite() or not 0 <= number <= most:
        raise Unclean("hours_bad", value=shortened(value))
    return number.quantize(Decimal("0.1"))


# -- Education and workplaces ----------------------------------------------------------------


def educations(value: str) -> list[dict[str, Any]]:
    """Return the educations that a cell names, each with its kind, title and year."""
    words = WORDS["education"]
    found = []
    for part in value.split(";"):
        text = part.strip()
        if is_nothing(text) or fold(text) in {*WORDS["cells"]["no"], *WORDS["cells"]["yes"]}:
            continue
        year = re.search(r"[,(\s]*\b((?:19|20)\d\d)\b\)?", text)
        title = words_of((text[: year.start()] + text[year.end() :] if year else text), longest=120)
        title = title.strip(" ,()") or text
        is_master = any(word in fold(title).split() for word in words["master"])
        is_under_way = any(word in fold(text) for word in words["under_way"])
        number = int(year[1]) if year else None
        found.append(
            {
                "kind": "master" if is_master else "further",
                "title": title,
                "completed_in": None if is_under_way else number,
                "expected_in": number if is_under_way else None,
            },
        )
    return found


def workplace_kind(name: str) -> str:
    """Return the kind of workplace that a name speaks of."""
    folded = fold(name)
    for group in WORDS["workplaces"]:
        if any(word in folded for word in group["words"]):
            return str(group["kind"])
    return "other"
