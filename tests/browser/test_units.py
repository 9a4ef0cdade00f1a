"""An administrator builds a part of the tree and gives a role, with and without JavaScript."""

import pytest

from core.models import OutgoingMail
from network.models import Role, Unit
from tests.factories import (
    MunicipalityFactory,
    NetworkFactory,
    RoleFactory,
    WorkplaceFactory,
)


@pytest.fixture
def network():
    return NetworkFactory(
        name_nb="Sykepleienettverket", slug="sykepleienettverket", parent__name_nb="Helse Bergen"
    )


@pytest.fixture
def administrator(network):
    MunicipalityFactory(name="Fjordby")
    WorkplaceFactory(area=network.parent, name="Solbakken sykehjem")
    region = network.parent.parent
    return RoleFactory(unit=region, kind=Role.Kind.ADMINISTRATOR).person


@pytest.mark.parametrize("javascript", [True, False])
def test_an_administrator_builds_a_group_and_gives_it_a_contact(
    open_as, administrator, network, javascript
):
    page = open_as(administrator, javascript=javascript)
    page.goto("/units/")
    page.get_by_role("link", name="Sykepleienettverket").click()
    page.get_by_role("link", name="Add a unit under this").click()
    page.get_by_label("Name in bokmål").fill("Bergen I")
    page.get_by_role("button", name="Add the unit").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Bergen I"

    page.get_by_role("link", name="Add a municipality or workplace").click()
    page.get_by_label("Municipality or city district").select_option(label="Fjordby")
    page.get_by_role("button", name="Add to the group").click()
    assert page.get_by_text("municipality", exact=True).count() == 1

    page.get_by_role("link", name="Give a role").click()
    page.get_by_label("Group contact").check()
    page.get_by_label("E-mail at work").fill("ingrid.solvang@example.org")
    page.get_by_label("Given name").fill("Ingrid")
    page.get_by_label("Family name").fill("Solvang")
    page.get_by_role("button", name="Give the role").click()

    assert page.get_by_role("rowheader").inner_text().startswith("Ingrid Solvang")
    role = Role.objects.get(person__email="ingrid.solvang@example.org")
    assert (role.kind, role.unit) == ("group_contact", Unit.objects.get(slug="bergen-i"))
    assert OutgoingMail.objects.filter(key=f"role-given:{role.pk}").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_units_are_accessible_and_fit(
    open_as, axe, fits, administrator, network, width, theme
):
    group = Unit.objects.create(
        parent=network, kind="local_group", name_nb="Bergen I", slug="bergen-i"
    )
    Unit.objects.create(parent=network, kind="local_group", name_nb="Voss", slug="voss")
    role = RoleFactory(unit=group, kind=Role.Kind.GROUP_CONTACT)
    page = open_as(administrator, width=width, theme=theme)

    found = {}
    for address in (
        "/units/",
        "/units/sykepleienettverket/",
        "/units/bergen-i/",
        "/units/sykepleienettverket/add/",
        "/units/sykepleienettverket/edit/",
        "/units/bergen-i/move/",
        "/units/bergen-i/close/",
        "/units/sykepleienettverket/order/",
        "/units/bergen-i/access/",
        "/units/bergen-i/history/",
        "/units/bergen-i/areas/add/",
        "/units/bergen-i/roles/give/?q=family",
        f"/roles/{role.pk}/end/",
        "/workplaces/",
        "/workplaces/add/",
    ):
        page.goto(address)
        found[address] = [*axe(page), *([] if fits(page) else ["too wide"])]

    assert {address: faults for address, faults in found.items() if faults} == {}
