"""Why a row is refused, and what to note about one that is not: full sentences, by code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # The person
    "name_missing": _("The name is missing."),
    "name_halved": _("“%(value)s” must be both a given and a family name."),
    "no_name": _("“%(value)s” is not a name."),
    "email_missing": _("The e-mail address is missing."),
    "email_bad": _("“%(value)s” is not an e-mail address."),
    "email_letters": _("The e-mail address “%(value)s” has letters that an address cannot have."),
    "email_comma": _("The e-mail address “%(value)s” has a comma instead of a full stop."),
    "email_space": _("The e-mail address “%(value)s” has a space in it."),
    "email_at": _("The e-mail address “%(value)s” lacks its @."),
    "phone_bad": _("“%(value)s” is not a telephone number."),
    "formula": _("“%(value)s” is a formula, not a text."),
    "too_long": _("The text that begins “%(value)s” is too long."),
    # The same person again
    "twice": _("The same row stands in row %(row)s."),
    "twice_sheet": _("The same row stands in row %(row)s of the sheet “%(sheet)s”."),
    "twice_other": _(
        "The e-mail address is already used by %(name)s in row %(row)s. Each person has her own.",
    ),
    "twice_unlike": _("Row %(row)s says something else about the same person in the same group."),
    "other_person": _("The e-mail address belongs to %(name)s in the portal."),
    # The membership
    "unit_missing": _("The group is missing."),
    "unit_unknown": _("There is no group “%(value)s” here."),
    "unit_near": _("There is no group “%(value)s” here. Is it %(proposal)s?"),
    "unit_several": _("“%(value)s” can be several groups. Choose one."),
    "unit_homeless": _("The group “%(value)s” belongs to no trust area or region."),
    "profession_missing": _("The profession is missing."),
    "profession_unknown": _("“%(value)s” is not a known profession."),
    "profession_near": _("“%(value)s” is not a known profession. Is it %(proposal)s?"),
    "municipality_unknown": _("There is no municipality or district “%(value)s”."),
    "municipality_near": _("There is no municipality or district “%(value)s”. Is it %(proposal)s?"),
    "municipality_several": _("There are several municipalities “%(value)s”. Choose one."),
    "workplace_missing": _("The workplace is missing."),
    "workplace_several": _("Several workplaces are called “%(value)s”. Say in which municipality."),
    "date_bad": _("“%(value)s” is not a date."),
    "date_impossible": _("The date %(value)s does not exist."),
    "date_unlikely": _(
        "The date %(value)s is not likely. Dates from 1970 until next year are kept."
    ),
    "hours_bad": _("“%(value)s” is not a number of hours per month."),
    # Notes: the row is kept
    "leader_no_email": _(
        "The leader %(name)s has no e-mail address, and is left out. A leader needs one.",
    ),
    "leader_bad_email": _("“%(value)s” is not an e-mail address, so the leader is left out."),
    "leader_no_name": _("The leader with the address %(value)s has no name, and is left out."),
    "leader_other_name": _("The leader's e-mail address belongs to %(name)s in the portal."),
    "leader_self": _("She stands as her own leader, so the leader is left out."),
    "returns": _("Was a member until %(day)s, and becomes one again."),
    "known_elsewhere": _(
        "Is already in the portal outside your units: name and phone stay as they are.",
    ),
    "maybe_same": _("May be %(name)s (%(email)s), who has the same name or phone."),
    "start_kept": _("“Member since” stays as it is, since her history has several parts."),
}


def sentence(finding: dict[str, Any]) -> str:
    """Return the sentence of a finding, in the reader's language."""
    return str(SENTENCES[finding["code"]]) % finding
