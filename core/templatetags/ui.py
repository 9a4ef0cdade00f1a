"""The small drawings of the interface. The only place where HTML is written in Python."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_guid import get_guid

register = template.Library()

ICONS = Path(settings.BASE_DIR) / "node_modules/bootstrap-icons/icons"
STATUS_ICONS = {
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "info": "info-circle-fill",
    "mute": "dash-circle",
}
MESSAGE_KINDS = {"success": "ok", "warning": "warn", "error": "bad"}
SELECTS = {"select", "nullbooleanselect", "selectmultiple", "longselect"}


@cache
def shapes(name: str) -> SafeString:
    """Return what is drawn inside the icon `name` of bootstrap-icons."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    start, end = drawing.index(">") + 1, drawing.rindex("</svg>")
    return mark_safe(" ".join(drawing[start:end].split()))  # noqa: S308 -- a file of our own


@cache
def sprite() -> frozenset[str]:
    """Return the names of the icons in the sprite that script/assets.py builds."""
    found = finders.find("built/icons.svg")
    text = Path(found).read_text(encoding="utf-8") if found else ""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', text))


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw a decorative icon; the words beside it say what it means. A new one is drawn in full."""
    return format_html(
        '<svg class="rn-i{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        f" {css}" if css else "",
        shapes(name) if name not in sprite() else used(name),
    )


def used(name: str) -> SafeString:
    return format_html('<use href="{}#{}"></use>', static("built/icons.svg"), name)


@register.simple_tag
def status(kind: str, words: Any, *, fill: bool = False, symbol: str = "") -> SafeString:
    """Draw a status as icon and words. `kind` is ok, warn, bad, info or mute."""
    return format_html(
        '<span class="rn-status rn-status--{}{}">{}{}</span>',
        kind,
        " rn-status--fill" if fill else "",
        icon(symbol or STATUS_ICONS[kind]),
        words,
    )


@register.simple_tag
def bar(part: int, whole: int) -> SafeString:
    """Draw `part` of `whole` as a bar; the figures stand in the text beside it."""
    return format_html(
        '<svg class="rn-bar" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect width="{}" height="1"/></svg>',
        max(whole, 1),
        min(part, whole),
    )


@register.filter
def phone(number: str) -> str:
    """Group a Norwegian number: mobile 900 00 123, others 55 12 34 56; leave the rest alone."""
    digits = number.replace(" ", "").removeprefix("+47")
    if len(digits) != 8 or not digits.isdigit():  # noqa: PLR2004 -- a Norwegian number
        return number
    cuts = (0, 3, 5, 8) if digits[0] in "489" else (0, 2, 4, 6, 8)
    return "\N{NO-BREAK SPACE}".join(digits[start:end] for start, end in pairwise(cuts))


@register.filter
def tel(number: str) -> str:
    """Return a kept number as a `tel:` link wants it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.filter
def breakable(address: str) -> SafeString:
    """Let a long e-mail address break after the @."""
    name, at, host = address.partition("@")
    return format_html("{}{}<wbr>{}", name, at, host)


@register.filter
def day(date: dt.date) -> str:
    """Return a date with a short month, as it stands in a table: 3. sep. 2025."""
    return date_format(date, pgettext("short date, Django's format", "j N Y"))


@register.filter
def message_kind(message: Any) -> str:
    """Return the kind of note a message is drawn as."""
    return MESSAGE_KINDS.get(message.level_tag, "info")


@register.filter
def message_icon(message: Any) -> str:
    return STATUS_ICONS[message_kind(message)]


def options_html(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    """Draw the options of a select, hundreds in a few milliseconds."""
    drawn = [
        f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>'
        f"{escape(str(words))}</option>"
        for key, words in choices
    ]
    return mark_safe("".join(drawn))  # noqa: S308 -- key and words are escaped above


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the control of a field with the class that its kind has in the design."""
    kind = field.widget_type
    if kind == "checkbox":
        css = "form-check-input"
    elif kind in SELECTS:
        css = "form-select"
    else:
        css = "form-control"
    given = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{css} {given}".strip()})


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """Return the radio buttons or check boxes of a field, ready to be drawn one by one."""
    for option in field.subwidgets:
        option.data["attrs"]["class"] = "form-check-input"
    return field.subwidgets


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id that a link in the error summary leads to."""
    return field.id_for_label or field.auto_id


@register.filter
def page_numbers(page: Page) -> Iterator[Any]:
    """Return the page numbers of the pager, with an ellipsis where it skips."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag(takes_context=True)
def page_link(context: Any, number: int) -> str:
    """Return the query string of this page, with another page number."""
    query = context["request"].GET.copy()
    query[context.get("page_field") or "page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def request_id() -> str:
    """Return the id by which the log knows this request."""
    return get_guid() or ""


@register.simple_tag
def today() -> str:
    """Write the day in words: Monday 2 February 2026, week 6."""
    day = timezone.localdate()
    words = {
        "weekday": date_format(day, "l"),
        "date": date_format(day),
        "week": day.isocalendar()[1],
    }
    return capfirst(_("%(weekday)s %(date)s, week %(week)s") % words)
