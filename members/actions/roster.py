"""What a coordinator does with many memberships at once: all of it, or nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions import invite
from accounts.models import Person
from core import audit, jobs
from core.actions import action
from core.exceptions import Refused
from core.models import Job
from members import emails
from members.actions.memberships import end_membership, move_membership
from members.models import Membership
from network.models import Role, Unit, units_covered_by

KIND = "members.roster.selection"


@action("members.roster.moved", says=gettext_lazy("Moved the membership"))
def move_many(memberships: list[Membership], *, unit: Unit, on: dt.date, by: Person | None) -> str:
    """Move the members to the group `unit` from the day `on`; workplaces and leaders stay."""
    for membership in memberships:
        with _named(membership):
            move_membership(membership, unit=unit, workplace=membership.workplace, on=on, by=by)
    return ngettext(
        "%(count)s person has moved to %(unit)s.",
        "%(count)s persons have moved to %(unit)s.",
        len(memberships),
    ) % {"count": len(memberships), "unit": unit}


@action("members.roster.ended", says=gettext_lazy("Ended the membership"))
def end_many(
    memberships: list[Membership], *, on: dt.date, reason: str = "", by: Person | None
) -> str:
    """End the memberships from the day `on`."""
    for membership in memberships:
        with _named(membership):
            end_membership(membership, on=on, reason=reason, by=by)
    return ngettext(
        "%(count)s membership has an end. Everything that was registered is kept.",
        "%(count)s memberships have an end. Everything that was registered is kept.",
        len(memberships),
    ) % {"count": len(memberships)}


@action("members.roster.invited", says=gettext_lazy("Invited to the portal"))
def invite_many(memberships: list[Membership], *, by: Person | None) -> str:
    """Send each of the persons an invitation."""
    persons = persons_of(memberships)
    for person in persons:
        invite(person, by=by)
    return ngettext(
        "%(count)s person gets an invitation.",
        "%(count)s persons get an invitation.",
        len(persons),
    ) % {"count": len(persons)}


@action("members.roster.mailed", says=gettext_lazy("Sent an e-mail"))
def mail_many(
    memberships: list[Membership], *, subject: str, text: str, batch: str, by: Person
) -> str:
    """Queue one e-mail to each of the persons; the same `batch` twice sends nothing twice."""
    persons = persons_of(memberships)
    for person in persons:
        emails.write_to(person, subject=subject, text=text, batch=batch, by=by)
    audit.record("members.roster.mailed", by=by, persons=len(persons), subject=subject)
    return ngettext(
        "The e-mail goes to %(count)s person.",
        "The e-mail goes to %(count)s persons.",
        len(persons),
    ) % {"count": len(persons)}


def persons_of(memberships: list[Membership]) -> list[Person]:
    """Return the persons, each once."""
    return list({membership.person_id: membership.person for membership in memberships}.values())


DEEDS: dict[str, Callable[..., str]] = {
    "move": move_many,
    "end": end_many,
    "invite": invite_many,
    "mail": mail_many,
}


@jobs.register(KIND)
def do_with_many(job: Job) -> None:
    """Carry out what was confirmed, if the one who did still may; the result says if it is done."""
    if job.result:
        return
    asked = dict(job.arguments)
    deed, keys = DEEDS[asked.pop("deed")], asked.pop("memberships")
    managed = units_covered_by(job.by, Role.MANAGING) if job.by else []
    rows = Membership.objects.in_units(managed).filter(pk__in=keys)
    memberships = list(rows.select_related("person", "unit", "workplace").order_by("pk"))
    if len(memberships) != len(keys):
        raise Refused(
            _("Somebody chosen is no longer in the units you manage. Nothing has been done.")
        )
    if "unit" in asked:
        asked["unit"] = Unit.objects.managed_by(job.by).get(pk=asked["unit"])
    if "on" in asked:
        asked["on"] = dt.date.fromisoformat(asked["on"])
    with transaction.atomic():
        job.result = {"message": deed(memberships, **asked, by=job.by)}
        job.save(update_fields=["result"])


@contextmanager
def _named(membership: Membership) -> Iterator[None]:
    """Say whom a refusal is about, where many are dealt with."""
    try:
        yield
    except (Refused, ValidationError) as error:
        reason = error.message if isinstance(error, Refused) else " ".join(error.messages)
        said = {"person": membership.person, "reason": reason}
        raise Refused(_("%(person)s: %(reason)s Nothing has been done.") % said) from error
