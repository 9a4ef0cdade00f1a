"""What the portal stores about a person, table by table."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Person
from core import own_data
from core.models import Job, LogEntry, OutgoingMail
from members.models import (
    ChangeRequest,
    Education,
    LeaderAssignment,
    Membership,
    RosterImport,
    RosterImportRow,
)
from members.queries.history import Entry, history_of
from network.models import Role, Unit


@dataclass
class OwnData:
    """Everything stored about a person, and what was done with it."""

    sections: list[own_data.Section]
    history: list[Entry]

    def as_json(self) -> dict[str, Any]:
        history = [
            {
                "at": entry.at,
                "what": entry.phrase,
                "by": entry.by_name,
                "changes": [vars(change) for change in entry.changes],
            }
            for entry in self.history
        ]
        return {**own_data.as_json(self.sections), "history": history}


def own_data_of(person: Person) -> OwnData:
    """Return what `person` has a right to get, history and log included."""
    return OwnData(own_data.collect(person), history_of(person, seen_by=person))


def _about(person: Any) -> Any:
    """Return what was done with the person's page without changing it."""
    return LogEntry.objects.filter(
        about_type__in=["accounts.person", "members.member"], about_id=str(person.pk)
    )


def _exports(person: Any) -> Any:
    """Return the exports of a roster that she stood in, or may have stood in, at the time."""
    units = Membership.objects.filter(person=person).order_by().values_list("unit", flat=True)
    tree = Unit.objects.with_tree_fields().filter(pk__in=list(units))
    above = {str(key) for path in tree.values_list("tree_path", flat=True) for key in path}
    return LogEntry.objects.filter(
        verb="members.roster.exported", about_type="network.unit", about_id__in=above
    )


own_data.register(
    Person, title=_("Person"), rows=lambda person: Person.objects.filter(pk=person.pk)
)
own_data.register(
    Membership,
    title=_("Memberships"),
    rows=lambda person: Membership.objects.filter(person=person).select_related(
        "person", "unit", "workplace", "profession", "position"
    ),
)
own_data.register(
    LeaderAssignment,
    title=_("Leaders, and those you lead"),
    rows=lambda person: LeaderAssignment.objects.filter(
        Q(membership__person=person) | Q(leader=person)
    ).select_related("leader", "membership__person", "membership__unit"),
)
own_data.register(
    Role,
    title=_("Roles in the portal"),
    rows=lambda person: Role.objects.filter(person=person).select_related("person", "unit"),
)
own_data.register(
    Education,
    title=_("Further education"),
    rows=lambda person: Education.objects.filter(person=person).select_related("person"),
)
own_data.register(
    ChangeRequest,
    title=_("Wishes for a change"),
    rows=lambda person: ChangeRequest.objects.filter(membership__person=person).select_related(
        "membership__person", "membership__unit", "unit", "profession", "decided_by"
    ),
)
own_data.register(
    Invitation,
    title=_("Invitations"),
    rows=lambda person: Invitation.objects.filter(person=person).select_related(
        "person", "invited_by"
    ),
)
own_data.register(
    EmailAddress,
    title=_("Addresses for logging in"),
    rows=lambda person: EmailAddress.objects.filter(user=person).select_related("user"),
)
own_data.register(
    UserSession,
    title=_("Where you are logged in"),
    rows=lambda person: UserSession.objects.filter(user=person).select_related("user"),
    without=["data"],
)
own_data.register(
    Authenticator,
    title=_("Second factors"),
    rows=lambda person: Authenticator.objects.filter(user=person).select_related("user"),
    without=["data"],
)
own_data.register(
    SocialAccount,
    title=_("Logins with other services"),
    rows=lambda person: SocialAccount.objects.filter(user=person).select_related("user"),
)
own_data.register(
    OutgoingMail,
    title=_("E-mails to you"),
    rows=lambda person: OutgoingMail.objects.filter(person=person, is_secret=False).select_related(
        "person"
    ),
    without=["html", "headers", "claimed_until", "message_id", "key"],
)
own_data.register(
    Job,
    title=_("Work you have ordered"),
    rows=lambda person: Job.objects.filter(by=person).select_related("by"),
    without=["arguments", "result", "file", "claimed_until"],
)
own_data.register(
    RosterImport,
    title=_("Rosters you have imported"),
    rows=lambda person: RosterImport.objects.filter(by=person).select_related("unit", "by"),
    without=["file", "file_hash", "mapping", "choices", "plan", "job"],
)
own_data.register(
    RosterImportRow,
    title=_("Rows about you in rosters that are being imported"),
    rows=lambda person: RosterImportRow.objects.filter(person=person).select_related(
        "roster", "person"
    ),
)
own_data.register(
    LogEntry,
    key="log.by",
    title=_("What you have done in the portal"),
    rows=lambda person: LogEntry.objects.filter(by=person),
    without=["by", "request"],
)
own_data.register(
    LogEntry,
    key="log.about",
    title=_("Who has seen or handled your data"),
    rows=_about,
    without=["by", "request"],
)
own_data.register(
    LogEntry,
    key="log.exports",
    title=_("Exports of rosters that you stood in"),
    rows=_exports,
    without=["details", "request", "by", "about_type", "about_id"],
)
