from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person
from core import mail


def tell_old_address(person: Person, *, old: str, by: Person | None) -> None:
    """Tell the address that no longer opens the account, so that a takeover is noticed."""
    names = {"name": person.name, "email": person.email, "by": by.name if by else "Ressursnett"}
    with translation.override(person.language):
        mail.queue(
            key=f"email-changed:{person.pk}:{person.updated_at.isoformat()}",
            address=old,
            person=person,
            language=person.language,
            subject=_("Your e-mail address in the portal was changed"),
            text=_(
                "Hello %(name)s\n\n"
                "%(by)s changed the address you log in with to %(email)s. "
                "This address no longer opens your account.\n\n"
                "Do you not know of this? Then contact your coordinator at once."
            )
            % names,
            about=person,
            priority=1,
        )
