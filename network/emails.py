"""What the network writes to people."""

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import mail
from core.models import OutgoingMail
from network.models import Role


def tell_of_role(role: Role) -> OutgoingMail | None:
    """Tell the person that she has the role, and what it means."""
    with translation.override(role.person.language):
        words = {
            "name": role.person.given_name,
            "role": role.get_kind_display(),
            "unit": role.unit.name,
            "day": date_format(role.starts_on),
            "address": settings.SITE_URL + role.unit.get_absolute_url(),
        }
        text = _(
            "Hi %(name)s,\n\n"
            "From %(day)s you have the role %(role)s in %(unit)s.\n\n"
            "You find the unit here: %(address)s\n\n"
            "If this surprises you, answer whoever looks after the network.",
        )
        subject = _("You have the role %(role)s in %(unit)s")
        return mail.queue(
            key=f"role-given:{role.pk}",
            address=role.person.email,
            subject=subject % words,
            text=text % words,
            person=role.person,
            language=role.person.language,
            about=role,
        )


def tell_of_ended_role(role: Role) -> OutgoingMail | None:
    """Tell the person on which day her role ends."""
    with translation.override(role.person.language):
        words = {
            "name": role.person.given_name,
            "role": role.get_kind_display(),
            "unit": role.unit.name,
            "day": date_format(role.ends_on) if role.ends_on else "",
        }
        text = _("Hi %(name)s,\n\nYour role %(role)s in %(unit)s ends on %(day)s.")
        subject = _("Your role %(role)s in %(unit)s ends")
        return mail.queue(
            key=f"role-ended:{role.pk}",
            address=role.person.email,
            subject=subject % words,
            text=text % words,
            person=role.person,
            language=role.person.language,
            about=role,
        )
