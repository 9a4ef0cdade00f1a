from members.queries.history import Change, Entry, history_of
from members.queries.person import leader_candidates, leaders_at_workplace, person_page

__all__ = [
    "Change",
    "Entry",
    "history_of",
    "leader_candidates",
    "leaders_at_workplace",
    "person_page",
]
