"""docs/permissions.md is what `has_perm` answers, cell by cell (AZ-01)."""

import re
from pathlib import Path

from django.utils import timezone

from accounts.models import Invitation
from core.models import Job, LogEntry, OutgoingMail
from network.models import Municipality
from tests.world import ROLES, build_world

TABLE = Path(__file__).resolve().parents[2] / "docs/permissions.md"
NOBODY = "\N{EN DASH}"


def rows():
    """Return each permission with its cells by role; P is not logged in and never asked."""
    now = TABLE.read_text().partition("## Now")[2].partition("## Later")[0]
    found = {}
    for line in now.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        for permission in re.findall(r"`([a-z]+\.[a-z_]+)`", line):
            found[permission] = dict(zip(ROLES, cells[2:8], strict=False))
    return found


def invitation_of(person):
    return Invitation.objects.create(
        person=person, token_hash=f"hash {person.pk}", expires_at=timezone.now()
    )


# What a permission is asked of; the rest are asked of a unit.
ASKED_OF = [
    (r"network\.(view|end)_role", lambda place, person: [place.contact]),
    (r".*unitarea", lambda place, person: [place.municipality_area]),
    (r".*workplace", lambda place, person: [place.ward]),
    (r".*municipality", lambda place, person: [Municipality.objects.first()]),
    (r"members\.(view_own_people|view_changerequests|.*(profession|position))", None),
    (r".*rosterimportrow", lambda place, person: [place.row]),
    (r".*view_rosterimport", lambda place, person: [place.roster_import]),
    (r".*(changerequest)", lambda place, person: [place.wish]),
    (r".*leaderassignment", lambda place, person: [place.assignment]),
    (r"members\.add_education", lambda place, person: [place.membership.person, person]),
    (r"members\.add_member", None),
    (r".*education", lambda place, person: [place.education, *person.educations.all()]),
    (
        r"members\.(\w+_membership|change_leader|ask_for_change)",
        lambda place, person: [place.membership, *person.memberships.all()],
    ),
    (
        r"members\.(\w+_member|view_details|view_history|change_account|correct_own_data)",
        lambda place, person: [place.membership.person, person],
    ),
    (r"accounts\.view_person", lambda place, person: [person]),
    (r"accounts\.view_invitation", lambda place, person: [invitation_of(person)]),
    (r"core\.view_job", lambda place, person: [Job.objects.create(kind="x", by=person)]),
    (r"core\.view_logentry", lambda place, person: [LogEntry.objects.create(verb="x", by=person)]),
    (
        r"core\.view_mail",
        lambda place, person: [
            OutgoingMail.objects.create(
                key=f"x{OutgoingMail.objects.count()}",
                person=person,
                address=person.email,
                subject="x",
                text="x",
            )
        ],
    ),
    (r"(accounts|core)\..*", None),
]


def objects_for(permission, place, person):
    for pattern, objects in ASKED_OF:
        if re.fullmatch(pattern, permission):
            return objects(place, person) if objects else [None]
    return [place.group]


def is_own(obj, person):
    about = [obj, getattr(obj, "membership", None)]
    owners = {
        getattr(row, name, None) for row in about for name in ("person_id", "by_id", "leader_id")
    }
    return obj == person or person.pk in owners


def fits(cell, person, permission, objects):
    """A dash is never; “own” is always of what is one's own and never of another's."""
    if cell == "own":
        return all(
            person.has_perm(permission, obj) == (obj is None or is_own(obj, person))
            for obj in objects
        )
    return any(person.has_perm(permission, obj) for obj in objects) != (cell == NOBODY)


def test_the_table_says_what_the_rules_answer():
    world = build_world()
    wrong = [
        (permission, role, cell)
        for permission, cells in rows().items()
        for role, cell in cells.items()
        for person in [world.people[role]]
        if not fits(cell, person, permission, objects_for(permission, world.own, person))
    ]

    assert wrong == []


def test_no_right_reaches_another_region():
    """Only what is everybody's, or one's own, may answer yes about a foreign object."""
    world = build_world()
    wrong = []
    for permission in rows():
        for role, person in world.people.items():
            for obj in objects_for(permission, world.foreign, person):
                is_common = obj is None or isinstance(obj, Municipality)
                if not is_common and not is_own(obj, person) and person.has_perm(permission, obj):
                    wrong.append((permission, role, str(obj)))

    assert wrong == []
