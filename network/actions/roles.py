import datetime as dt

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions as accounts_actions
from accounts.models import Person
from core.actions import action
from core.exceptions import Refused
from network import emails
from network.actions.watch import nobody_left_alone
from network.models import Role, Unit


@action("network.role.given", says=gettext_lazy("Gave the role"))
def give_role(person: Person, *, unit: Unit, kind: str, on: dt.date, by: Person | None) -> Role:
    """Give `person` the role at the unit from the day `on`, let her log in, and tell her.

    Raises PermissionDenied when `by` lacks the right to give just this role: whoever calls, nobody
    hands out more than she has.
    """
    role = Role(person=person, unit=unit, kind=kind, starts_on=on)
    if by is not None and by.pk == person.pk:
        raise Refused(_("You cannot give a role to yourself."))
    if by is not None and not by.has_perm("network.give_role", role):
        raise PermissionDenied
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.ends_on is not None:
        raise Refused(_("%(unit)s is closed.") % {"unit": unit.name})
    if kind == Role.Kind.GROUP_CONTACT and unit.kind != Unit.Kind.LOCAL_GROUP:
        raise Refused(_("Only a local group has a group contact."))
    if person.anonymised_at is not None:
        raise Refused(_("This person is no longer in the portal."))
    role.full_clean()
    role.save()
    if not person.is_active:
        accounts_actions.invite(person, by=by)
    emails.tell_of_role(role)
    return role


@action("network.role.given", says=gettext_lazy("Gave the role"))
def give_role_to_newcomer(
    *,
    email: str,
    given_name: str,
    family_name: str,
    unit: Unit,
    kind: str,
    on: dt.date,
    by: Person | None,
) -> Role:
    """Give the role to whoever has the e-mail address: a person we know, or a new one."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        person = Person(
            email=email,
            given_name=given_name,
            family_name=family_name,
            language=by.language if by else "nb",
        )
        person.set_unusable_password()
        person.full_clean()
        person.save()
    return give_role(person, unit=unit, kind=kind, on=on, by=by)


@action("network.role.ended", says=gettext_lazy("Ended the role"))
def end_role(role: Role, *, on: dt.date, by: Person | None) -> Role:
    """End the role on the day `on`; who held it when stays known."""
    if by is not None and not by.has_perm("network.end_role", role):
        raise PermissionDenied
    with nobody_left_alone(on):
        role = (
            Role.objects.select_for_update(of=["self"])
            .select_related("person", "unit")
            .get(pk=role.pk)
        )
        if role.ends_on is not None and role.ends_on <= on:
            raise Refused(_("This role has already ended."))
        if on < role.starts_on:
            raise Refused(_("The role cannot end before it starts."))
        role.ends_on = on
        role.full_clean()
        role.save(update_fields=["ends_on", "updated_at"])
    emails.tell_of_ended_role(role)
    return role
