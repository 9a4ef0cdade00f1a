from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person
from core import mail
from members.models import ChangeRequest, Membership


def tell_decision(request: ChangeRequest) -> None:
    """Tell the member what became of her wish, in her language."""
    person = request.membership.person
    with translation.override(person.language):
        if request.state == ChangeRequest.State.APPROVED:
            subject = _("Your change is made")
            said = _("Your coordinator has approved what you asked for: %(wish)s.")
        else:
            subject = _("Your coordinator has answered your wish")
            said = _("Your coordinator could not approve what you asked for: %(wish)s.")
        parts = [
            _("Hello %(name)s") % {"name": person.name},
            said % {"wish": request.wish},
            _("Answer: %(answer)s") % {"answer": request.answer} if request.answer else "",
            _("See what is registered about you: %(address)s")
            % {"address": settings.SITE_URL + reverse("members:own")},
        ]
        mail.queue(
            key=f"change-request-decided:{request.pk}",
            address=person.email,
            person=person,
            language=person.language,
            subject=subject,
            text="\n\n".join(part for part in parts if part),
            about=request,
        )


def ask_for_successor(membership: Membership) -> None:
    """Ask the leader of a member who leaves to name somebody else."""
    assignment = membership.leaders.nearest().select_related("leader").first()
    if assignment is None:
        return
    leader = assignment.leader
    names = {
        "name": leader.name,
        "member": membership.person.name,
        "unit": str(membership.unit),
        "workplace": str(membership.workplace),
    }
    with translation.override(leader.language):
        mail.queue(
            key=f"successor:{membership.pk}:{membership.ends_on}",
            address=leader.email,
            person=leader,
            language=leader.language,
            subject=_("Who takes over after %(member)s?") % names,
            text=_(
                "Hello %(name)s\n\n"
                "%(member)s is leaving %(unit)s, where she represents %(workplace)s. "
                "The network needs somebody from your unit in her place.\n\n"
                "Reply to your coordinator with the name and the e-mail address of the successor."
            )
            % names,
            about=membership,
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
