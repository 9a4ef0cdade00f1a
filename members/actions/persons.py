import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core import audit
from core.actions import action
from core.exceptions import Refused
from members.actions.memberships import change_leader, start_membership
from members.models import Education, LeaderAssignment, Membership

audit.says("members.person.changed", gettext_lazy("Changed the contact data"))
audit.says("members.membership.changed", gettext_lazy("Changed the membership"))
audit.says("members.education.added", gettext_lazy("Registered an education"))
audit.says("members.education.changed", gettext_lazy("Changed an education"))
audit.says("members.roster.exported", gettext_lazy("Exported the roster"))
audit.says("members.roster.imported", gettext_lazy("Imported the roster"))
audit.says("accounts.person.invited", gettext_lazy("Invited to log in"))


@action("members.person.added", says=gettext_lazy("Registered in the portal"))
def add_person(
    *,
    given_name: str,
    family_name: str,
    email: str,
    work_phone: str = "",
    language: str = "nb",
    by: Person | None,
) -> Person:
    """Make a person known to the network; she logs in only when she is invited."""
    email = email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise Refused(_("Another person already has this e-mail address."))
    person = Person(
        given_name=given_name,
        family_name=family_name,
        email=email,
        work_phone=work_phone,
        language=language,
    )
    person.set_unusable_password()
    person.full_clean()
    person.save()
    return person


@action("members.member.added", says=gettext_lazy("Registered in the network"))
def add_member(
    *,
    given_name: str,
    family_name: str,
    email: str,
    work_phone: str = "",
    language: str = "nb",
    by: Person | None,
    **membership: Any,
) -> Membership:
    """Make a person known and a member in one act; `start_membership` takes `membership`."""
    person = add_person(
        given_name=given_name,
        family_name=family_name,
        email=email,
        work_phone=work_phone,
        language=language,
        by=by,
    )
    return start_membership(person, **membership, by=by)


@action("members.person.found", says=gettext_lazy("Registered in the portal"))
def find_or_add_person(*, given_name: str, family_name: str, email: str, by: Person) -> Person:
    """Return the person with this address, and make her when nobody has it; her name stays hers."""
    if known := Person.objects.filter(email=email.strip().lower()).first():
        return known
    return add_person(
        given_name=given_name,
        family_name=family_name,
        email=email,
        language=by.language,
        by=by,
    )


@action("members.leader.named", says=gettext_lazy("Changed the leader"))
def name_leader(
    membership: Membership,
    *,
    leader: Person | None,
    newcomer: dict[str, str] | None = None,
    kind: str = LeaderAssignment.Kind.NEAREST,
    on: dt.date,
    by: Person,
) -> LeaderAssignment | None:
    """Give the member a leader who is known, or a `newcomer` by name and address, or none."""
    if newcomer is not None:
        leader = find_or_add_person(**newcomer, by=by)
    return change_leader(membership, leader=leader, kind=kind, on=on, by=by)


@action("members.education.removed", says=gettext_lazy("Removed an education"))
def remove_education(education: Education, *, by: Person | None) -> None:
    Education.objects.select_for_update().get(pk=education.pk).delete()
