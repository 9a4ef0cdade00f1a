"""Telephone numbers: written in every way, kept in one, shown as they are read aloud."""

import re

_NORWEGIAN = re.compile(r"[2-9]\d{7}")
_FOREIGN = re.compile(r"[1-9]\d{6,14}")
_SERVICE = re.compile(r"0\d{4}")
_LABEL = re.compile(r"^(telefon|tlf|mobil|mob|tel|phone)\b[.:\s]*", re.IGNORECASE)


def parse(text: str) -> str:
    """Return the one form in which a number is kept.

    Raises ValueError when `text` is not one telephone number.
    """
    bare = _LABEL.sub("", text.strip()).replace("(0)", "")
    bare = re.sub(r"[\s.()/\u00a0\u202f\u2010-\u2015-]", "", bare)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:  # noqa: PLR2004 -- E.164
        raise ValueError("not a telephone number")
    if bare.startswith("+"):
        return _with_country(digits)
    if _NORWEGIAN.fullmatch(digits):
        return f"+47{digits}"
    if digits.startswith("47") and _NORWEGIAN.fullmatch(digits[2:]):
        return f"+{digits}"
    if _SERVICE.fullmatch(digits):
        return digits
    raise ValueError("not a telephone number")


def _with_country(digits: str) -> str:
    ok = _NORWEGIAN.fullmatch(digits[2:]) if digits.startswith("47") else _FOREIGN.fullmatch(digits)
    if not ok:
        raise ValueError("not a telephone number")
    return f"+{digits}"


def shown(number: str) -> str:
    """Return a kept number as it is read aloud: mobiles 3-2-3, others in pairs."""
    if not (number.startswith("+47") and _NORWEGIAN.fullmatch(number[3:])):
        return number
    digits = number[3:]
    if digits[0] in "49":
        return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
    return " ".join(digits[at : at + 2] for at in range(0, 8, 2))
