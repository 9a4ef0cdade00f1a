"""One small country for the tests across apps: what is own, what is a sibling's, what is foreign.

Every role has the place `own` in its scope. `sibling` is another network of the same trust area:
only the administrator of the region covers it. `foreign` is another region: nobody here may know
of it. Texts of a place begin with its mark, so that a test can look for them where they must not
be.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from core.models import Job
from members.models import ChangeRequest, Education, RosterImport, RosterImportRow
from network.models import Municipality, Role, UnitArea
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    RegionFactory,
    RoleFactory,
    TrustAreaFactory,
    WorkplaceFactory,
)

# The columns of docs/permissions.md and of every ACCESS table: administrator, coordinator, group
# contact, leader, member, reader, and somebody without any of them.
ROLES = "ACGLMRO"


@dataclass
class World:
    own: SimpleNamespace
    sibling: SimpleNamespace
    foreign: SimpleNamespace
    people: dict[str, Any] = field(default_factory=dict)


def build_world(marks: dict[str, str] | None = None) -> World:
    """Build the country; `marks` are put into every text of a place."""
    marks = {"own": "Own", "sibling": "Sibling", "foreign": "Foreign", **(marks or {})}
    region = RegionFactory(name_nb=f"{marks['own']} region", slug="own-region")
    area = TrustAreaFactory(parent=region, name_nb=f"{marks['own']} area", slug="own-area")
    elsewhere = RegionFactory(name_nb=f"{marks['foreign']} region", slug="foreign-region")
    far_area = TrustAreaFactory(
        parent=elsewhere, name_nb=f"{marks['foreign']} area", slug="foreign-area"
    )
    world = World(
        own=_place("own", marks["own"], area),
        sibling=_place("sibling", marks["sibling"], area),
        foreign=_place("foreign", marks["foreign"], far_area),
    )
    RoleFactory(unit=elsewhere, kind=Role.Kind.ADMINISTRATOR)
    own = world.own
    world.people = {
        "A": RoleFactory(unit=region, kind=Role.Kind.ADMINISTRATOR).person,
        "C": RoleFactory(unit=own.network, kind=Role.Kind.COORDINATOR).person,
        "G": own.contact.person,
        "L": own.assignment.leader,
        "M": own.membership.person,
        "R": RoleFactory(unit=own.network, kind=Role.Kind.READER).person,
        "O": PersonFactory(),
    }
    for place, by in ((own, "C"), (world.sibling, None), (world.foreign, None)):
        place.job = Job.objects.create(
            kind="x", by=world.people[by] if by else PersonFactory(), title=f"{place.mark} job"
        )
    return world


def _place(name: str, mark: str, area: Any) -> SimpleNamespace:
    """Build a network of one group, with one of everything."""
    network = NetworkFactory(parent=area, name_nb=f"{mark} network", slug=f"{name}-network")
    group = GroupFactory(
        parent=network,
        name_nb=f"{mark} group",
        sami_name=f"{mark} joavku",
        aliases=[f"{mark} alias"],
        description_nb=f"{mark} description",
        slug=f"{name}-group",
    )
    # The neighbours' workplaces are common knowledge in their trust area.
    ward_name = "Neighbouring ward" if name == "sibling" else f"{mark} ward"
    ward = WorkplaceFactory(name=ward_name, area=area)
    roster = RosterImport.objects.create(
        unit=network,
        file_name=f"{mark}.csv",
        file_hash=name,
        file=f"imports/{name}.csv",
        state=RosterImport.State.FAILED,
        error=f"{mark} error",
        mapping={"sheets": [{"name": f"{mark} sheet"}]},
    )
    membership = MembershipFactory(unit=group, workplace=ward, person=_person(name, mark, "member"))
    return SimpleNamespace(
        mark=mark,
        area=area,
        network=network,
        group=group,
        ward=ward,
        membership=membership,
        assignment=LeaderAssignmentFactory(
            membership=membership, leader=_person(name, mark, "leader")
        ),
        contact=RoleFactory(
            unit=group, kind=Role.Kind.GROUP_CONTACT, person=_person(name, mark, "contact")
        ),
        education=Education.objects.create(person=membership.person, title=f"{mark} education"),
        wish=ChangeRequest.objects.create(
            membership=membership,
            workplace_name=f"{mark} new ward",
            note=f"{mark} note",
        ),
        roster_import=roster,
        row=RosterImportRow.objects.create(
            roster=roster,
            number=2,
            name=f"{mark} row",
            outcome=RosterImportRow.Outcome.REFUSED,
            content={"email": f"row@zq{name}.example.org", "problems": []},
        ),
        municipality_area=UnitArea.objects.create(
            unit=group, municipality=Municipality.objects.order_by("number")[0]
        ),
    )


def _person(name: str, mark: str, what: str) -> Any:
    return PersonFactory(
        given_name=f"{mark} {what}",
        family_name=f"{mark} family",
        email=f"{what}@zq{name}.example.org",
        work_phone="90000123",
    )
