import datetime as dt

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emails
from accounts.models import Invitation, Person
from core.actions import action
from core.exceptions import Refused

INVITATION_LASTS = dt.timedelta(days=14)


@action("accounts.person.invited")
def invite(person: Person, *, by: Person | None) -> Invitation:
    """Let `person` log in, and send her a link that lives 14 days; an older link dies."""
    now = timezone.now()
    token = Invitation.new_token()
    person.invitations.open().update(expires_at=now)
    invitation = Invitation.objects.create(
        person=person,
        invited_by=by,
        token_hash=Invitation.hash_of(token),
        expires_at=now + INVITATION_LASTS,
    )
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active", "updated_at"])
    return invitation


@action("accounts.email.changed", says=gettext_lazy("Changed the e-mail address"))
def change_email(person: Person, *, email: str, by: Person | None) -> Person:
    """Give `person` another address to log in with; the old address is told.

    The new one counts as unverified until she has used a code that was sent to it.
    """
    email = email.strip().lower()
    person = Person.objects.select_for_update().get(pk=person.pk)
    if email == person.email:
        return person
    if Person.objects.filter(email=email).exists():
        raise Refused(_("Another person already has this e-mail address."))
    old = person.email
    person.email = email
    person.full_clean()
    person.save(update_fields=["email", "updated_at"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.filter(email=email).delete()
    if person.is_active:
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
        emails.tell_old_address(person, old=old, by=by)
    return person


@action("accounts.person.deactivated", says=gettext_lazy("Closed the account"))
def deactivate(person: Person, *, by: Person | None) -> Person:
    """Shut `person` out: no login, no invitation, and every session ends."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise Refused(_("This account is already closed."))
    if by is not None and person.pk == by.pk:
        raise Refused(_("You cannot close your own account."))
    person.is_active = False
    person.save(update_fields=["is_active", "updated_at"])
    person.invitations.open().update(expires_at=timezone.now())
    for session in UserSession.objects.filter(user=person):
        session.end()
    return person
