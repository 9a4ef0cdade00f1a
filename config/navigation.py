"""What the shell shows around every page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.demo.logins import LOGINS, DemoLogin
from members.models import ChangeRequest
from network.models import Unit
from network.queries import CoveredUnit, covered_units

THEMES = [
    ("", _("As the device"), "circle-half"),
    ("light", pgettext_lazy("colours", "Light"), "sun"),
    ("dark", pgettext_lazy("colours", "Dark"), "moon"),
]
# Each language by its own name, whatever language the page is in.
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]

# The pages that ?unit= narrows.
NARROWED = {"overview:start", "overview:figures", "overview:coverage", "members:roster"}
MANY = 40  # units in the switcher


@dataclass
class Item:
    """A link of the menu, shown to whoever holds `perm`."""

    label: Any
    url_name: str
    icon: str
    perm: str
    count: int | None = None
    count_label: Any = ""
    path: str = ""
    url: str = ""
    is_current: bool = False


@dataclass
class Section:
    heading: Any
    items: list[Item] = field(default_factory=list)


@dataclass
class UnitChoice:
    """A unit that the page can be narrowed to; `depth` is how far it stands in."""

    label: str
    url: str
    depth: int
    is_current: bool


def sections() -> list[Section]:
    """Return the whole menu; what a person sees of it is decided by what she may do."""
    return [
        Section(
            "",
            [
                Item(_("Overview"), "overview:start", "grid", "accounts.use_portal"),
                Item(_("My page"), "members:own", "person", "accounts.use_portal"),
                Item(_("My people"), "members:people", "people", "members.view_own_people"),
            ],
        ),
        Section(
            _("Resource persons"),
            [
                Item(_("People"), "members:roster", "people", "members.view_roster"),
                Item(
                    _("Wishes"),
                    "members:changerequests",
                    "check2-square",
                    "members.view_changerequests",
                ),
                Item(_("Import"), "members:imports", "upload", "members.import_roster"),
                Item(_("Coverage"), "overview:coverage", "building", "members.view_roster"),
                Item(_("Figures"), "overview:figures", "bar-chart", "members.view_roster"),
            ],
        ),
        Section(
            _("The network"),
            [
                Item(_("Units"), "network:units", "diagram-3", "network.view_unit"),
                Item(_("Workplaces"), "network:workplaces", "hospital", "network.view_workplace"),
            ],
        ),
    ]


def account_items() -> list[Item]:
    return [
        Item(_("My page"), "members:own", "person", "accounts.use_portal"),
        Item(
            _("Login and safety"), "accounts:account", "shield-lock", "accounts.change_own_account"
        ),
        Item(_("Ordered work"), "core:jobs", "hourglass", "core.view_jobs"),
    ]


def allowed(items: Iterable[Item], request: HttpRequest) -> list[Item]:
    """Return the items that the person may open; those that ?unit= narrows stay narrowed."""
    found = [item for item in items if request.user.has_perm(item.perm)]
    asked = request.GET.get("unit")
    for item in found:
        item.path = reverse(item.url_name)
        item.url = item.path
        if asked and item.url_name in NARROWED:
            item.url += f"?{urlencode({'unit': asked})}"
    return found


def mark_current(items: list[Item], path: str) -> None:
    """Mark the item whose page this is, or whose page this page is under."""
    above = [
        item
        for item in items
        if item.path == path or (item.path != "/" and path.startswith(item.path))
    ]
    for item in sorted(above, key=lambda item: len(item.path))[-1:]:
        item.is_current = True


class Shell:
    """The frame of one page, worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user

    @cached_property
    def theme(self) -> str:
        """The colours the person chose, or nothing: then the device decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in {"light", "dark"} else ""

    @property
    def demo_logins(self) -> tuple[DemoLogin, ...]:
        """Whom one may log in as without a code: nobody outside the demo."""
        return LOGINS if settings.DEMO else ()

    @property
    def color_scheme(self) -> str:
        return self.theme or "light dark"

    @property
    def themes(self) -> list[dict[str, Any]]:
        return [
            {"value": value, "label": label, "icon": icon, "is_current": value == self.theme}
            for value, label, icon in THEMES
        ]

    @property
    def languages(self) -> list[tuple[str, str]]:
        return LANGUAGES

    @cached_property
    def menu(self) -> list[Section]:
        """The sections with what the person may open; nothing for who is not logged in."""
        if not self.user.is_authenticated:
            return []
        menu = sections()
        for section in menu:
            section.items = allowed(section.items, self.request)
        items = [item for section in menu for item in section.items]
        mark_current(items, self.request.path)
        self._count(items)
        return [section for section in menu if section.items]

    def _count(self, items: Iterable[Item]) -> None:
        by_name = {item.url_name: item for item in items}
        if wishes := by_name.get("members:changerequests"):
            wishes.count = ChangeRequest.objects.visible_to(self.user).waiting().count() or None
            wishes.count_label = _("waiting")

    @property
    def account(self) -> list[Item]:
        return allowed(account_items(), self.request)

    @cached_property
    def covered(self) -> list[CoveredUnit]:
        """The units that the person's roles cover and that are in force, each below its parent."""
        if not self.user.is_authenticated:
            return []
        return [unit for unit in covered_units(self.user) if unit.is_current]

    @cached_property
    def offered(self) -> list[CoveredUnit]:
        """Those to choose from; of very many, the local groups are left to the roster's filter."""
        if len(self.covered) <= MANY:
            return self.covered
        own = {role.unit_id for role in self.user.current_roles}
        group = Unit.Kind.LOCAL_GROUP
        return [unit for unit in self.covered if unit.kind != group or unit.pk in own]

    @cached_property
    def unit(self) -> CoveredUnit | None:
        """The unit that ?unit= narrows the page to, else the one that the person has a role at."""
        asked = self.request.GET.get("unit", "")
        chosen = [unit for unit in self.covered if unit.slug == asked]
        own = {role.unit_id for role in self.user.current_roles} if self.covered else set()
        return next(iter(chosen or [unit for unit in self.covered if unit.pk in own]), None)

    @property
    def unit_name(self) -> str:
        return self.unit.name if self.unit else ""

    @property
    def unit_kind(self) -> str:
        return str(Unit.Kind(self.unit.kind).label) if self.unit else ""

    @property
    def role_title(self) -> str:
        roles = self.user.current_roles
        return roles[0].get_kind_display() if roles else ""

    @cached_property
    def units(self) -> list[UnitChoice]:
        """What this page can be narrowed to; other pages lead to the start page of the unit."""
        match = self.request.resolver_match
        is_narrowed = match is not None and match.view_name in NARROWED
        page = self.request.path if is_narrowed else reverse("overview:start")
        top = min((len(unit.path) for unit in self.offered), default=0)
        return [
            UnitChoice(
                label=unit.label,
                url=f"{page}?{urlencode({'unit': unit.slug})}",
                depth=min(len(unit.path) - top, 3),
                is_current=unit == self.unit,
            )
            for unit in self.offered
        ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the menu and the footer for the person who asks."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
