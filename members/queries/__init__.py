from members.queries.history import Change, Entry, history_of
from members.queries.own_data import OwnData, own_data_of
from members.queries.person import (
    leader_candidates,
    leaders_at_workplace,
    person_page,
    who_sees,
)

__all__ = [
    "Change",
    "Entry",
    "OwnData",
    "history_of",
    "leader_candidates",
    "leaders_at_workplace",
    "own_data_of",
    "person_page",
    "who_sees",
]
