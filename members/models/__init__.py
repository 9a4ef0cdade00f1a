from members.models.changes import ChangeRequest, ChangeRequestQuerySet
from members.models.imports import (
    RosterImport,
    RosterImportQuerySet,
    RosterImportRow,
    RosterImportRowQuerySet,
)
from members.models.memberships import (
    CONFIRMATION_LASTS,
    SEES_ROSTER,
    LeaderAssignment,
    LeaderAssignmentQuerySet,
    Membership,
    MembershipQuerySet,
    int_range,
    units_of,
)
from members.models.people import (
    Education,
    EducationQuerySet,
    Member,
    MemberQuerySet,
    people_seen_by,
)
from members.models.vocabulary import Named, NamedQuerySet, Position, Profession

__all__ = [
    "CONFIRMATION_LASTS",
    "SEES_ROSTER",
    "ChangeRequest",
    "ChangeRequestQuerySet",
    "Education",
    "EducationQuerySet",
    "LeaderAssignment",
    "LeaderAssignmentQuerySet",
    "Member",
    "MemberQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Named",
    "NamedQuerySet",
    "Position",
    "Profession",
    "RosterImport",
    "RosterImportQuerySet",
    "RosterImportRow",
    "RosterImportRowQuerySet",
    "int_range",
    "people_seen_by",
    "units_of",
]
