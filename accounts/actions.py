import datetime as dt

from django.utils import timezone

from accounts.models import Invitation, Person
from core.actions import action

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
