"""A small country: two regions, so that there is always something that could leak."""

from types import SimpleNamespace

import pytest

from core.models import OutgoingMail
from network.models import Role
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


@pytest.fixture
def country():
    west = RegionFactory(name_nb="Helse Vest", slug="west")
    north = RegionFactory(name_nb="Helse Nord", sami_name="Davvi Dearvvašvuohta", slug="north")
    bergen = TrustAreaFactory(parent=west, name_nb="Helse Bergen", slug="bergen")
    nurses = NetworkFactory(parent=bergen, name_nb="Sykepleienettverket", slug="nurses")
    bergen_1 = GroupFactory(parent=nurses, name_nb="Bergen I", slug="bergen-i", position=1)
    voss = GroupFactory(parent=nurses, name_nb="Voss", slug="voss", position=2)
    physio = NetworkFactory(parent=bergen, name_nb="Fysionettverket", slug="physio")
    tromso = TrustAreaFactory(parent=north, name_nb="UNN", slug="tromso")
    helgeland = NetworkFactory(parent=north, name_nb="Helgeland", slug="helgeland")
    return SimpleNamespace(
        west=west,
        north=north,
        bergen=bergen,
        nurses=nurses,
        bergen_1=bergen_1,
        voss=voss,
        physio=physio,
        tromso=tromso,
        helgeland=helgeland,
        ward=WorkplaceFactory(name="Solbakken", area=bergen),
        northern_ward=WorkplaceFactory(name="Nordlys", area=tromso),
        administrator=RoleFactory(unit=west, kind=Role.Kind.ADMINISTRATOR).person,
        coordinator=RoleFactory(unit=nurses, kind=Role.Kind.COORDINATOR).person,
        contact=RoleFactory(unit=bergen_1, kind=Role.Kind.GROUP_CONTACT).person,
        reader=RoleFactory(unit=nurses, kind=Role.Kind.READER).person,
        northerner=RoleFactory(unit=north, kind=Role.Kind.ADMINISTRATOR).person,
        outsider=PersonFactory(),
    )


@pytest.fixture
def member(country):
    return MembershipFactory(unit=country.bergen_1, workplace=country.ward).person


@pytest.fixture
def leader(country):
    membership = MembershipFactory(unit=country.voss, workplace=country.ward)
    return LeaderAssignmentFactory(membership=membership).leader


@pytest.fixture
def mailbox():
    """What stands in the outbox, invitations left out."""

    def mails():
        return list(OutgoingMail.objects.filter(key__startswith="role-").order_by("pk"))

    return mails
