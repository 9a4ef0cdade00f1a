"""Answers about the organisation that are not rows."""

from network.queries.history import history_of
from network.queries.tree import (
    Branch,
    CoveredUnit,
    Right,
    UnitFacts,
    count_members_from,
    covered_units,
    facts_about,
    groups_below,
    has_members,
    members_below,
    members_from,
    people_findable_by,
    people_found,
    rights_at,
    tree_for,
    unattended,
)

__all__ = [
    "Branch",
    "CoveredUnit",
    "Right",
    "UnitFacts",
    "count_members_from",
    "covered_units",
    "facts_about",
    "groups_below",
    "has_members",
    "history_of",
    "members_below",
    "members_from",
    "people_findable_by",
    "people_found",
    "rights_at",
    "tree_for",
    "unattended",
]
