"""Two people edit the same row: the second sees both versions, and nothing is lost (DI-04)."""

import pytest
from django.urls import reverse

from tests.factories import ProfessionFactory
from tests.members.conftest import main_form


@pytest.fixture
def open_edit(django_app_factory, network):
    """Open the edit form of Ingrid in a browser of its own."""

    def open_edit(who):
        browser = django_app_factory()
        address = reverse("members:edit", args=[network.ingrid.pk])
        return main_form(browser.get(address, user=who))

    return open_edit


def clash(open_edit, network):
    """Two open the page; the first saves a new phone, the second another one and a name."""
    first, second = open_edit(network.coordinator), open_edit(network.administrator)
    first["work_phone"] = "91111111"
    first.submit().follow()
    second["work_phone"] = "92222222"
    second["family_name"] = "Berg"
    return second.submit(expect_errors=True)


def test_the_second_editor_is_shown_both_versions_and_nothing_is_saved(open_edit, network):
    page = clash(open_edit, network)

    assert page.status_code == 409
    shown = [
        [" ".join(part.split()) for part in fieldset.stripped_strings]
        for fieldset in page.html.select("fieldset.rn-conflict")
    ]
    assert shown == [
        [
            "Family name",
            "When you opened the page: Solvang",
            "Berg",
            "what you wrote",
            "Solvang",
            "what stands now",
        ],
        [
            "Work phone",
            "When you opened the page: 900 00 123",
            "922 22 222",
            "what you wrote",
            "911 11 111",
            "what stands now",
        ],
    ]
    network.ingrid.refresh_from_db()
    assert (network.ingrid.family_name, network.ingrid.work_phone) == ("Solvang", "+4791111111")


def test_only_what_one_alone_changed_is_chosen_beforehand(open_edit, network):
    form = main_form(clash(open_edit, network))

    assert form["keep-family_name"].value == "mine"
    assert form["keep-work_phone"].value is None


@pytest.mark.parametrize(("choice", "phone"), [("mine", "+4792222222"), ("theirs", "+4791111111")])
def test_each_field_is_chosen_by_itself(open_edit, network, choice, phone):
    form = main_form(clash(open_edit, network))
    form["keep-work_phone"] = choice

    form.submit().follow()

    network.ingrid.refresh_from_db()
    assert (network.ingrid.family_name, network.ingrid.work_phone) == ("Berg", phone)


def test_a_field_without_a_choice_is_asked_for_again(open_edit, network):
    page = main_form(clash(open_edit, network)).submit(expect_errors=True)

    assert page.status_code == 409
    network.ingrid.refresh_from_db()
    assert network.ingrid.work_phone == "+4791111111"


def test_a_third_change_in_between_is_shown_too(open_edit, network):
    form = main_form(clash(open_edit, network))
    form["keep-work_phone"] = "mine"
    network.ingrid.refresh_from_db()
    network.ingrid.work_phone = "+4793333333"
    network.ingrid.save()

    page = form.submit(expect_errors=True)

    assert page.status_code == 409
    assert "933 33 333" in page.html.select_one("main").get_text()


def test_two_who_change_different_fields_are_asked_all_the_same(open_edit, network):
    first, second = open_edit(network.coordinator), open_edit(network.administrator)
    first["work_phone"] = "91111111"
    first.submit().follow()
    second["family_name"] = "Berg"

    form = main_form(second.submit(expect_errors=True))

    assert (form["keep-family_name"].value, form["keep-work_phone"].value) == ("mine", "theirs")
    form.submit().follow()
    network.ingrid.refresh_from_db()
    assert (network.ingrid.family_name, network.ingrid.work_phone) == ("Berg", "+4791111111")


def test_what_changed_outside_the_form_disturbs_nobody(open_edit, network):
    form = open_edit(network.coordinator)
    network.ingrid.confirmed_on = "2026-11-01"
    network.ingrid.save()
    form["family_name"] = "Berg"

    form.submit().follow()

    network.ingrid.refresh_from_db()
    assert network.ingrid.family_name == "Berg"
    assert network.ingrid.confirmed_on.isoformat() == "2026-11-01"


def test_two_who_write_the_same_agree(open_edit, network):
    first, second = open_edit(network.coordinator), open_edit(network.administrator)
    for form in (first, second):
        form["work_phone"] = "91111111"

    first.submit().follow()
    second.submit().follow()


@pytest.mark.parametrize("token", ["", "forged", "eyJhdCI6MX0:1tgf3W:abc"])
def test_a_page_that_cannot_say_what_it_saw_saves_nothing(open_edit, network, token):
    form = open_edit(network.coordinator)
    form["family_name"] = "Berg"
    form["seen"] = token

    assert form.submit(expect_errors=True).status_code == 409
    network.ingrid.refresh_from_db()
    assert network.ingrid.family_name == "Solvang"


def test_the_version_of_another_row_does_not_pass(open_edit, network):
    address = reverse("members:edit", args=[network.colleague.pk])
    form = open_edit(network.coordinator)
    browser_form = main_form(form.response.test_app.get(address, user=network.coordinator))
    form["family_name"] = "Berg"
    form["seen"] = browser_form["seen"].value

    assert form.submit(expect_errors=True).status_code == 409


def test_a_choice_field_shows_its_words(django_app_factory, network):
    address = reverse("members:edit_membership", args=[network.membership.pk])
    one, two = ProfessionFactory(), ProfessionFactory()
    first = main_form(django_app_factory().get(address, user=network.coordinator))
    second = main_form(django_app_factory().get(address, user=network.administrator))
    first["profession"] = one.pk
    first.submit().follow()
    second["profession"] = two.pk

    page = second.submit(expect_errors=True)

    text = page.html.select_one("fieldset.rn-conflict").get_text()
    assert page.status_code == 409
    assert all(str(row) in text for row in (one, two, network.membership.profession))
