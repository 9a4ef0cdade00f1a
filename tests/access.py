"""How the access of a page is written down: `ACCESS` in `tests/<app>/access.py`.

    "network:unit_edit": Page("group", "200 200 200 403 403 403 404"),

The statuses are what a GET answers to administrator, coordinator, group contact, leader, member,
reader and outsider, in this order, about the object of their own place. About an object of a
sibling network the administrator gets the same and all others 404, unless `sibling` says otherwise.
About an object of another region, or one that does not exist, everybody gets 404.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, get_resolver

from tests.world import ROLES

APPS = ("accounts", "config", "core", "meetings", "members", "network", "newsletters", "overview")
# A second for each answer: opened by every role once, and left out where pages are hammered.
SLOW = {"members:own_data_pdf"}


@dataclass
class Page:
    """A page: the kind of object its address names (see OBJECTS), and who gets what."""

    of: str
    own: str
    sibling: str = ""
    foreign: str = ""

    def expected(self, place: str) -> dict[str, int]:
        """Return the status of a GET by role."""
        if place == "own":
            return self._by_role(self.own)
        if place == "sibling":
            return self._by_role(self.sibling or " ".join([self.own[:3], *["404"] * 6]))
        if place == "foreign" and self.foreign:
            return self._by_role(self.foreign)
        return dict.fromkeys(ROLES, 404)

    @staticmethod
    def _by_role(statuses: str) -> dict[str, int]:
        return dict(zip(ROLES, map(int, statuses.split()), strict=True))


# What an address is made of, for each kind of object.
OBJECTS: dict[str, Any] = {
    "group": lambda place: [place.group.slug],
    "network": lambda place: [place.network.slug],
    "workplace": lambda place: [place.ward.pk],
    "role": lambda place: [place.contact.pk],
    "unitarea": lambda place: [place.municipality_area.pk],
    "person": lambda place: [place.membership.person_id],
    "leader": lambda place: [place.assignment.leader_id],
    "membership": lambda place: [place.membership.pk],
    "education": lambda place: [place.education.pk],
    "wish": lambda place: [place.wish.pk],
    "import": lambda place: [place.roster_import.pk],
    "job": lambda place: [place.job.pk],
}
# What no object has; a number that no row reached, unless something else is said.
NO_SUCH_KEY = 987_654_321
MISSING = {
    "group": ["no-such-unit"],
    "network": ["no-such-unit"],
}


def every_url() -> list[tuple[str, Any]]:
    """Return every named address of the portal with its pattern, those of libraries too."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], prefix: str) -> Any:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern
        else:
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, prefix + space)


def collected(attribute: str) -> dict[str, Any]:
    """Return what the apps' `access` modules say."""
    found: dict[str, Any] = {}
    for app in APPS:
        try:
            module = import_module(f"tests.{app}.access")
        except ModuleNotFoundError:
            continue
        found.update(getattr(module, attribute, {}))
    return found


ACCESS: dict[str, Page] = collected("ACCESS")
# Reviewed by hand: what anybody may open without logging in, and why.
PUBLIC: dict[str, str] = collected("PUBLIC")
# Pages of libraries about the logged-in person herself: no object to choose, a login is asked for.
OWN_ACCOUNT: dict[str, str] = collected("OWN_ACCOUNT")
