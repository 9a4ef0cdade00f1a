"""What the shell shows around every page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _

from config.demo.logins import LOGINS, DemoLogin
from network.models import Unit

THEMES = [
    ("", _("As the device"), "circle-half"),
    ("light", _("Light"), "sun"),
    ("dark", _("Dark"), "moon"),
]


# Each language by its own name, whatever language the page is in.
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]


@dataclass
class Item:
    """A link of the menu, shown when the page exists and `perm` is held."""

    label: Any
    url_name: str
    icon: str
    perm: str
    url: str = ""
    is_current: bool = False
    count: int | None = None
    count_label: Any = ""


@dataclass
class Section:
    heading: Any
    items: list[Item] = field(default_factory=list)


@dataclass
class UnitChoice:
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
            ],
        ),
        Section(
            _("People"),
            [
                Item(_("People"), "members:roster", "people", "members.view_roster"),
                Item(_("Import"), "members:imports", "upload", "members.import_roster"),
            ],
        ),
        Section(
            _("The network"),
            [
                Item(_("Units"), "network:units", "diagram-3", "network.view_unit"),
                Item(_("Workplaces"), "network:workplaces", "building", "network.view_workplace"),
                Item(_("E-mails"), "core:mails", "envelope", "core.view_mail"),
            ],
        ),
    ]


def reachable(items: Iterable[Item], request: HttpRequest) -> list[Item]:
    """Return the items whose page exists and that the person may open."""
    found = []
    for item in items:
        try:
            item.url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        if request.user.has_perm(item.perm):
            found.append(item)
    longest = max(
        (item.url for item in found if request.path.startswith(item.url)), key=len, default=""
    )
    for item in found:
        item.is_current = item.url == longest and (item.url != "/" or request.path == "/")
    return found


class Shell:
    """The frame of one page, worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

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
        if not self.request.user.is_authenticated:
            return []
        menu = sections()
        for section in menu:
            section.items = reachable(section.items, self.request)
        return [section for section in menu if section.items]

    @property
    def account(self) -> list[Item]:
        return reachable(
            [
                Item(_("My data"), "members:own", "person", "accounts.use_portal"),
                Item(
                    _("Login and safety"), "accounts:account", "shield-lock", "accounts.use_portal"
                ),
            ],
            self.request,
        )

    @cached_property
    def unit(self) -> Unit | None:
        """The unit that ?unit= narrows to, or the only one the person's roles name."""
        units = self.own_units
        asked = self.request.GET.get("unit", "")
        chosen = next((unit for unit in units if unit.slug == asked), None)
        return chosen or (units[0] if len(units) == 1 else None)

    @cached_property
    def own_units(self) -> list[Unit]:
        if not self.request.user.is_authenticated:
            return []
        return list({role.unit_id: role.unit for role in self.request.user.current_roles}.values())

    @property
    def unit_name(self) -> str:
        return str(self.unit) if self.unit else ""

    @property
    def unit_kind(self) -> str:
        return self.unit.get_kind_display() if self.unit else ""

    @property
    def role_title(self) -> str:
        roles = self.request.user.current_roles
        return roles[0].get_kind_display() if roles else ""

    @cached_property
    def units(self) -> list[UnitChoice]:
        return [
            UnitChoice(str(unit), f"?unit={unit.slug}", 0, unit == self.unit)
            for unit in self.own_units
        ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the menu and the footer for the person who asks."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
