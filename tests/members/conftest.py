import pytest

from network.models import Role
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    RoleFactory,
)


def main_form(page):
    """Return the form that a page is about, not one of the frame around it."""
    forms = [form for form in page.forms.values() if form.method.upper() == "POST"]
    return next(form for form in forms if form.action in {"", page.request.path})


@pytest.fixture
def network():
    """Two groups of one network, a network beside it, and everyone who has to do with Ingrid."""
    return World()


class World:
    """Ingrid is a member of Bergen I; the rest stand around her, near and far."""

    def __init__(self):
        self.unit = NetworkFactory(name_nb="Nurses of Bergen", slug="nurses-bergen")
        self.group = GroupFactory(parent=self.unit, name_nb="Bergen I")
        self.sibling = GroupFactory(parent=self.unit, name_nb="Bergen II")
        self.elsewhere = NetworkFactory(name_nb="Nurses of Ahus", slug="nurses-ahus")
        self.far_group = GroupFactory(parent=self.elsewhere, name_nb="Romerike")
        self.membership = MembershipFactory(
            unit=self.group,
            person=PersonFactory(
                given_name="Ingrid",
                family_name="Solvang",
                email="ingrid@example.org",
                work_phone="+4790000123",
            ),
        )
        self.ingrid = self.membership.person
        self.leader = LeaderAssignmentFactory(
            membership=self.membership, leader__given_name="Hans", leader__family_name="Brekke"
        ).leader
        self.colleague = MembershipFactory(unit=self.group).person
        self.coordinator = self.role(Role.Kind.COORDINATOR, self.unit)
        self.contact = self.role(Role.Kind.GROUP_CONTACT, self.group)
        self.reader = self.role(Role.Kind.READER, self.unit)
        self.administrator = self.role(Role.Kind.ADMINISTRATOR, self.unit.parent.parent)
        self.outsider = self.role(Role.Kind.COORDINATOR, self.elsewhere)

    @staticmethod
    def role(kind, unit):
        return RoleFactory(kind=kind, unit=unit).person

    def who(self, name):
        return getattr(self, name)
