from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core import audit
from core.models import LogEntry

# What the person reads in her own log; a verb that is not here is not about her access.
EVENTS = [
    audit.says("accounts.code.sent", _("A code was sent")),
    audit.says("accounts.login.done", _("Logged in")),
    audit.says("accounts.login.failed", _("A login failed")),
    audit.says("accounts.logout.done", _("Logged out")),
    audit.says("accounts.factor.added", _("A second step was added")),
    audit.says("accounts.factor.removed", _("A second step was removed")),
    audit.says("accounts.factor.renewed", _("New recovery codes were made")),
    audit.says("accounts.password.set", _("A password was set")),
    audit.says("accounts.provider.connected", _("A login service was connected")),
    audit.says("accounts.provider.disconnected", _("A login service was disconnected")),
    "accounts.factors.removed",
    "accounts.password.removed",
    "accounts.sessions.ended",
]


def own_log(person: Person, *, length: int = 20) -> list[tuple[LogEntry, str]]:
    """Return the latest that happened around the person's access, each with its sentence."""
    entries = LogEntry.objects.filter(
        Q(by=person) | Q(about_type=person._meta.label_lower, about_id=str(person.pk)),
        verb__in=EVENTS,
    )[:length]
    return [(entry, audit.phrase_of(entry.verb)) for entry in entries]


def ways_in(person: Person) -> dict[str, list]:
    """Return the second steps and the login services of the person, by kind."""
    ways: dict[str, list] = {kind: [] for kind in ("totp", "webauthn", "recovery_codes")}
    for authenticator in Authenticator.objects.filter(user=person).order_by("created_at"):
        ways[authenticator.type].append(authenticator)
    ways["services"] = list(SocialAccount.objects.filter(user=person).order_by("provider"))
    return ways
