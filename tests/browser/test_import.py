"""The coordinator's first job: from the list she has to the people in the portal."""

import pytest

from core import jobs
from core.models import Job
from members.models import Membership, RosterImport
from network.models import Role
from tests.factories import PersonFactory, RoleFactory
from tests.members.networks import AHUS, ahus


@pytest.fixture
def coordinator():
    person = PersonFactory()
    RoleFactory(person=person, unit=ahus(), kind=Role.Kind.COORDINATOR)
    return person


def work():
    """Do what the worker would do."""
    for pk in Job.objects.unfinished().values_list("pk", flat=True):
        jobs.run(pk)


def go_on(page, javascript):
    """The page goes on by itself; without JavaScript by a link."""
    work()
    if not javascript:
        page.get_by_role("link", name="See how far it has come").click()


def checked(page, axe, fits, width):
    page.wait_for_load_state()
    if axe is not None:
        assert axe(page) == []
        assert fits(page)
    return page


@pytest.mark.parametrize(
    ("width", "theme", "javascript"),
    [(1440, "light", True), (390, "dark", True), (1440, "light", False)],
)
def test_a_list_is_read_corrected_looked_over_and_saved(
    open_as, axe, fits, coordinator, width, theme, javascript
):
    page = open_as(coordinator, width=width, theme=theme, javascript=javascript)
    look = (axe if javascript else None, fits, width)

    page.goto("/people/import/")
    checked(page, *look)
    page.get_by_label("Where the persons belong").select_option(label="Ahus")
    page.get_by_label("File", exact=True).set_input_files(AHUS)
    page.get_by_role("button", name="Read the file").click()
    go_on(page, javascript)
    page.wait_for_url("**/columns/")
    checked(page, *look)

    page.get_by_role("button", name="Compare with the portal").click()
    go_on(page, javascript)
    page.wait_for_url("**/review/")
    checked(page, *look)
    page.get_by_label("What “Nedre Romrike” means").select_option(label="Nedre Romerike")
    page.get_by_label("E-mail of Hilde Thorsen, row 29").fill("hilde.thorsen@example.org")
    page.get_by_role("button", name="Use the corrections").click()
    go_on(page, javascript)
    page.get_by_role("button", name="Save 133 persons").wait_for()
    assert Membership.objects.count() == 0

    page.get_by_role("button", name="Save 133 persons").click()
    go_on(page, javascript)
    page.get_by_text("133 rows were saved.").wait_for()
    checked(page, *look)
    assert RosterImport.objects.get().state == RosterImport.State.SAVED
    assert Membership.objects.count() == 133

    page.get_by_role("link", name="See who is not invited").click()
    page.wait_for_url("**/people/?*")
