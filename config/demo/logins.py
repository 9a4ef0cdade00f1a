"""The four people that anyone may log in as in the demo."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoLogin:
    role: str
    label: Any
    given: str
    family: str
    email: str


ADMINISTRATOR = DemoLogin(
    "administrator",
    _("Administrator"),
    "Sigrun",
    "Vatnedal",
    "sigrun.vatnedal@helse-vest.example",
)
COORDINATOR = DemoLogin(
    "coordinator", _("Coordinator"), "Marit", "Aasen", "marit.aasen@helse-bergen.example"
)
NURSE = DemoLogin(
    "nurse", _("Resource nurse"), "Ingrid", "Solvang", "ingrid.solvang@helse-bergen.example"
)
LEADER = DemoLogin("leader", _("Leader"), "Håkon", "Brekke", "hakon.brekke@helse-bergen.example")
LOGINS = (ADMINISTRATOR, COORDINATOR, NURSE, LEADER)
