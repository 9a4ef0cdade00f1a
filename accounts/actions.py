import datetime as dt

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import emails
from accounts.models import Invitation, Person
from core import audit
from core.actions import action
from core.exceptions import Refused

INVITATION_LASTS = dt.timedelta(days=14)


@action("accounts.person.invited", says=gettext_lazy("Sent an invitation"))
def invite(person: Person, *, by: Person | None) -> Invitation:
    """Let `person` log in, and send her a link that lives 14 days; an older link dies."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.anonymised_at:
        raise Refused(_("This person has been anonymised and cannot be invited."))
    now = timezone.now()
    person.invitations.open().update(expires_at=now)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active", "updated_at"])
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        person=person,
        invited_by=by,
        email=person.email,
        token_hash=Invitation.hash_of(token),
        expires_at=now + INVITATION_LASTS,
    )
    emails.send_invitation(invitation, token)
    return invitation


@action("accounts.invitation.accepted", says=gettext_lazy("Accepted the invitation"))
def accept_invitation(invitation: Invitation, *, by: Person) -> Person:
    """Use the invitation up; whoever holds the link may be logged in once, right after."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not Invitation.objects.open().filter(pk=invitation.pk, person=by).exists():
        raise Refused(_("This invitation has been used or is too old. Ask for a new one."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return invitation.person


@action("accounts.person.deactivated", says=gettext_lazy("Closed the account"))
def deactivate(person: Person, *, by: Person | None) -> Person:
    """Shut the person out at once: no login, no open session, no open invitation."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by is not None and by.pk == person.pk:
        raise Refused(_("You cannot close your own account."))
    if not person.is_active:
        raise Refused(_("This account is already closed."))
    now = timezone.now()
    person.invitations.open().update(expires_at=now)
    person.is_active = False
    person.sessions_ended_at = now
    person.save(update_fields=["is_active", "sessions_ended_at", "updated_at"])
    return person


@action("accounts.person.reactivated", says=gettext_lazy("Opened the account again"))
def reactivate(person: Person, *, by: Person | None) -> Person:
    """Let the person log in again, as before."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.anonymised_at:
        raise Refused(_("This person has been anonymised and cannot log in."))
    person.is_active = True
    person.save(update_fields=["is_active", "updated_at"])
    return person


@action("accounts.sessions.ended", says=gettext_lazy("Logged out everywhere"))
def end_sessions(person: Person, *, by: Person | None) -> Person:
    """Log the person out everywhere, whichever way the sessions were opened."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["sessions_ended_at", "updated_at"])
    audit.record("accounts.sessions.ended", by=by, about=person)
    return person


@action("accounts.email.requested", says=gettext_lazy("Asked for another e-mail address"))
def ask_new_address(person: Person, address: str, *, by: Person) -> None:
    """Send a link to the new address; nothing is told about whether it is somebody else's."""
    if Person.objects.filter(email=address).exists():
        return
    emails.ask_new_address(person, address=address, token=person.sign_address(address))


@action("accounts.email.changed", says=gettext_lazy("Changed the e-mail address"))
def change_email(person: Person, *, email: str, by: Person | None) -> Person:
    """Give the person a new address; sessions and links bound to the old one die with it."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    old, person.email = person.email, email.strip().lower()
    if Person.objects.filter(email=person.email).exclude(pk=person.pk).exists():
        raise Refused(_("Another person already has this e-mail address."))
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if person.email == old:
        return person
    person.invitations.open().update(expires_at=timezone.now())
    person.save(update_fields=["email", "updated_at"])
    if person.is_active:
        emails.tell_old_address(person, old=old, by=by)
    return person


@action("accounts.factors.removed", says=gettext_lazy("Removed the second step"))
def remove_factors(person: Person, *, by: Person | None) -> Person:
    """Let whoever has lost her phone and her recovery codes begin again, and tell her so."""
    if not Authenticator.objects.filter(user=person).exists():
        raise Refused(_("This person has no second step."))
    Authenticator.objects.filter(user=person).delete()
    audit.record("accounts.factors.removed", by=by, about=person)
    emails.tell_factors_removed(person)
    return end_sessions(person, by=by)


@action("accounts.password.removed", says=gettext_lazy("Removed the password"))
def remove_password(person: Person, *, by: Person) -> Person:
    """Leave the code by e-mail as the way in."""
    person.set_unusable_password()
    person.save(update_fields=["password", "updated_at"])
    audit.record("accounts.password.removed", by=by, about=person)
    return person


@action("accounts.language.chosen", says=gettext_lazy("Chose another language"))
def choose_language(person: Person, *, language: str, by: Person) -> Person:
    """Write to `person`, and show her the portal, in `language` from now on."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.language != language:
        person.language = language
        person.full_clean(exclude=["password"])
        person.save(update_fields=["language", "updated_at"])
    return person
