from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person
from core import mail
from core.letters import compose
from members.models import ChangeRequest, Membership


def tell_decision(request: ChangeRequest) -> None:
    """Tell the member what became of her wish, in her language."""
    _send(
        "members/emails/wish_answered.txt",
        to=request.membership.person,
        key=f"wish-answered:{request.pk}",
        about=request,
        is_approved=request.state == ChangeRequest.State.APPROVED,
        wish=request.wish,
        answer=request.answer,
        url=settings.SITE_URL + reverse("members:own"),
    )


def ask_for_successor(membership: Membership) -> None:
    """Ask the leader of a member who leaves to name somebody else."""
    assignment = membership.leaders.nearest().select_related("leader").first()
    if assignment is None:
        return
    _send(
        "members/emails/successor.txt",
        to=assignment.leader,
        key=f"successor:{membership.pk}:{membership.ends_on}",
        about=membership,
        member=membership.person.name,
        unit=membership.unit,
        workplace=membership.workplace,
    )


def write_to(person: Person, *, subject: str, text: str, batch: str, by: Person) -> None:
    """Pass on what a coordinator writes to many; a reply goes to her."""
    with translation.override(person.language):
        sender = _("Sent by %(name)s, %(address)s, through Ressursnett.") % {
            "name": by.name,
            "address": by.email,
        }
    mail.queue(
        key=f"roster:{batch}:{person.pk}",
        address=person.email,
        person=person,
        language=person.language,
        subject=subject,
        text=f"{text}\n\n-- \n{sender}",
        headers={"Reply-To": by.email},
        priority=9,
        about=person,
    )


def _send(template: str, *, to: Person, key: str, about: Any, **context: Any) -> None:
    letter = compose(template, language=to.language, person=to, **context)
    mail.queue(
        key=key,
        address=to.email,
        person=to,
        language=letter.language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        about=about,
    )
