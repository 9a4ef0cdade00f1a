import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from network.models import Role, Unit, UnitArea, Workplace
from tests.factories import MembershipFactory, PersonFactory, RoleFactory


@pytest.fixture
def app(django_app):
    return django_app


def page(app, name, *args, user):
    return app.get(reverse(f"network:{name}", args=args), user=user)


def form_in(response, place=-1):
    """Return the last form of the page's own content."""
    forms = response.html.select("form")
    return response.forms[forms.index(response.html.select("main form")[place])]


def names_in(response, selector=".rn-tree__name a"):
    return [link.get_text() for link in response.html.select(selector)]


def test_the_tree_shows_the_own_scope_and_the_way_up_to_it(app, country):
    assert names_in(page(app, "units", user=country.coordinator)) == [
        "Helse Vest",
        "Helse Bergen",
        "Sykepleienettverket",
        "Bergen I",
        "Voss",
    ]


def test_the_tree_of_an_administrator_is_her_region(app, country):
    names = names_in(page(app, "units", user=country.administrator))

    assert len(names) == 6
    assert "Helse Nord" not in names


def test_the_tree_counts_members_and_groups(app, country):
    MembershipFactory(unit=country.bergen_1)
    MembershipFactory(unit=country.voss)

    tree = page(app, "units", user=country.administrator)

    facts = [" ".join(row.get_text().split()) for row in tree.html.select(".rn-tree__facts")]
    assert facts == [
        "2 groups 2 members",
        "2 groups 2 members",
        "0 members",
        "2 groups 2 members",
        "1 member",
        "1 member",
    ]


def test_closed_units_are_folded(app, country):
    Unit.objects.filter(pk=country.voss.pk).update(ends_on="2024-01-01")

    tree = page(app, "units", user=country.administrator)

    assert names_in(tree, "details .rn-tree__name a") == ["Voss"]


def test_whoever_belongs_nowhere_sees_no_unit(app, country):
    tree = page(app, "units", user=country.outsider)

    assert names_in(tree) == []
    assert "No units yet" in tree


def test_a_unit_page_tells_its_sami_name_in_its_own_language(app, country):
    unit = page(app, "unit", "north", user=country.northerner)

    assert {tag.get_text() for tag in unit.html.select("[lang=se]")} == {"Davvi Dearvvašvuohta"}


def test_a_member_sees_whom_to_ask_and_no_roles_of_others(app, country, member):
    unit = page(app, "unit", "bergen-i", user=member)

    assert country.contact.email in unit
    assert country.coordinator.email in unit
    assert country.administrator.email not in unit
    assert unit.html.select("a[href$='/edit/'], a[href$='/give/'], a[href$='/end/']") == []


def test_an_administrator_adds_a_unit(app, country):
    form = form_in(page(app, "unit_add", "bergen", user=country.administrator))
    form["name_nb"] = "Øvre Årdal nettverk"

    unit = form.submit().follow()

    created = Unit.objects.get(slug="ovre-ardal-nettverk")
    assert (created.parent, created.kind) == (country.bergen, Unit.Kind.NETWORK)
    assert created.names == ["øvre årdal nettverk"]
    assert "The unit has been created." in unit


def test_a_unit_of_the_same_name_gets_another_web_name(app, country):
    for _number in range(2):
        form = form_in(page(app, "unit_add", "nurses", user=country.coordinator))
        form["name_nb"] = "Voss"
        form.submit().follow()

    slugs = Unit.objects.filter(name_nb="Voss").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["voss", "voss-2", "voss-3"]


def test_a_unit_without_a_name_is_asked_for_one(app, country):
    answer = form_in(page(app, "unit_add", "bergen", user=country.administrator)).submit()

    assert "This field is required." in answer
    assert Unit.objects.count() == 9


def test_a_coordinator_edits_names_and_aliases(app, country):
    form = form_in(page(app, "unit_edit", "bergen-i", user=country.coordinator))
    form["sami_name"] = "Birggon"
    form["aliases"] = "Bergen 1\n\nBergen én\nBergen 1"
    form.submit().follow()

    country.bergen_1.refresh_from_db()
    assert country.bergen_1.aliases == ["Bergen 1", "Bergen én"]
    assert list(Unit.objects.named("BERGEN  1")) == [country.bergen_1]
    assert list(Unit.objects.named("birggon")) == [country.bergen_1]


def test_a_group_contact_edits_the_text_about_the_group_and_nothing_else(app, country):
    form = form_in(page(app, "unit_edit", "bergen-i", user=country.contact))
    assert {name for name in form.fields if name} == {
        "csrfmiddlewaretoken",
        "seen",
        "description_nb",
        "description_nn",
        "description_en",
    }
    form["description_nb"] = "Vi møtes hver høst."
    form.submit().follow()

    country.bergen_1.refresh_from_db()
    assert country.bergen_1.description_nb == "Vi møtes hver høst."


def test_a_unit_moves(app, country):
    form = form_in(page(app, "unit_move", "voss", user=country.administrator))
    form["parent"] = str(country.physio.pk)
    form.submit().follow()

    country.voss.refresh_from_db()
    assert country.voss.parent == country.physio


def test_a_coordinator_is_offered_no_place_outside_her_scope(app, country):
    form = form_in(page(app, "unit_move", "voss", user=country.coordinator))

    assert [value for value, _chosen, _label in form["parent"].options] == [""]


def test_a_unit_with_members_is_not_closed(app, country):
    MembershipFactory(unit=country.voss)

    answer = form_in(page(app, "unit_close", "voss", user=country.administrator)).submit()

    assert "Voss has members. Move them or end them first." in answer
    country.voss.refresh_from_db()
    assert country.voss.ends_on is None


def test_a_unit_closes_with_its_successor_and_its_roles(app, country):
    role = RoleFactory(unit=country.voss, kind=Role.Kind.GROUP_CONTACT)
    form = form_in(page(app, "unit_close", "voss", user=country.administrator))
    form["on"] = "2026-01-01"
    form["successor"] = str(country.bergen_1.pk)

    unit = form.submit().follow()

    role.refresh_from_db()
    assert str(role.ends_on) == "2026-01-01"
    assert "Bergen I" in unit


def test_units_are_put_in_order(app, country):
    order = page(app, "unit_order", "nurses", user=country.coordinator)

    form_in(order).submit().follow()

    assert list(country.nurses.children.values_list("slug", flat=True)) == ["voss", "bergen-i"]


def test_a_group_covers_a_municipality(app, country):
    form = form_in(page(app, "area_add", "voss", user=country.coordinator))
    form["municipality"].select(text="Voss")
    form.submit().follow()

    area = UnitArea.objects.get()
    assert (area.unit, area.municipality.number) == (country.voss, "4621")

    form_in(page(app, "area_remove", area.pk, user=country.coordinator)).submit().follow()
    assert UnitArea.objects.count() == 0


def test_a_group_covers_one_of_the_two(app, country):
    answer = form_in(page(app, "area_add", "voss", user=country.coordinator)).submit()

    assert "Choose either a municipality or a workplace." in answer


def test_a_role_is_given_to_somebody_found_by_name(app, country, member, mailbox):
    search = form_in(page(app, "role_give", "bergen-i", user=country.coordinator), 0)
    search["q"] = member.family_name
    form = form_in(search.submit())
    form["person"] = str(member.pk)
    form["kind"] = "group_contact"
    form.submit().follow()

    assert [role.kind for role in member.roles.all()] == ["group_contact"]
    assert [mail.subject for mail in mailbox()] == ["You have the role Group contact in Bergen I"]


def test_nobody_outside_ones_sight_is_found(app, country):
    stranger = PersonFactory(given_name="Nils", family_name="Nordmann")

    found = app.get(
        reverse("network:role_give", args=["bergen-i"]) + "?q=Nordmann", user=country.coordinator
    )

    assert stranger.email not in found
    assert "Nobody you may see has that name." in found


def test_a_role_is_given_to_somebody_new_who_is_invited(app, country):
    form = form_in(page(app, "role_give", "bergen-i", user=country.coordinator))
    form["kind"] = "reader"
    form["email"] = "Ny.Person@Example.org"
    form["given_name"] = "Ny"
    form["family_name"] = "Person"
    form.submit().follow()

    role = Role.objects.get(person__email="ny.person@example.org")
    assert role.person.invitations.count() == 1
    assert role.person.is_active


def test_a_coordinator_is_not_offered_to_make_administrators(app, country):
    form = form_in(page(app, "role_give", "bergen-i", user=country.coordinator))

    assert [value for value, _chosen, _label in form["kind"].options] == [
        "coordinator",
        "group_contact",
        "reader",
    ]


def test_a_role_is_ended(app, country):
    role = country.contact.roles.get()
    form = form_in(page(app, "role_end", role.pk, user=country.coordinator))
    form["on"] = "2026-06-01"

    unit = form.submit().follow()

    role.refresh_from_db()
    assert str(role.ends_on) == "2026-06-01"
    assert "The role has been ended." in unit


def test_the_last_administrator_of_a_region_cannot_be_removed(app, country):
    role = country.northerner.roles.get()

    answer = form_in(page(app, "role_end", role.pk, user=country.northerner)).submit()

    assert "Helse Nord must always have an administrator." in answer
    role.refresh_from_db()
    assert role.ends_on is None


def test_a_workplace_is_registered_with_the_level_of_its_kind(app, country):
    form = form_in(page(app, "workplace_add", user=country.coordinator))
    form["name"] = "Sengepost 4"
    form["kind"] = "hospital_ward"
    form.submit().follow()

    workplace = Workplace.objects.get(name="Sengepost 4")
    assert workplace.service_level == Workplace.ServiceLevel.SPECIALIST
    assert workplace.area == country.bergen


def test_a_workplace_may_be_of_another_level_than_its_kind(app, country):
    form = form_in(page(app, "workplace_add", user=country.coordinator))
    form["name"] = "Kommunal poliklinikk"
    form["kind"] = "outpatient_clinic"
    form["service_level"] = "municipal"
    form.submit().follow()

    workplace = Workplace.objects.get(name="Kommunal poliklinikk")
    assert workplace.service_level == Workplace.ServiceLevel.MUNICIPAL


def test_two_workplaces_of_one_name_in_one_place_are_refused(app, country):
    form = form_in(page(app, "workplace_add", user=country.coordinator))
    form["name"] = "SOLBAKKEN"

    answer = form.submit()

    assert "There is already a workplace of this name here." in answer


def test_a_workplace_where_members_work_is_not_closed(app, country, member):
    form = form_in(page(app, "workplace_close", country.ward.pk, user=country.coordinator))

    assert "Members still work here." in form.submit()


def test_workplaces_are_searched_and_filtered(app, country):
    listed = page(app, "workplaces", user=country.administrator)
    assert "Nordlys" not in listed
    form = form_in(listed)
    form["q"] = "SOL"
    form["unit"] = "bergen"

    assert names_in(form.submit(), "tbody th a") == ["Solbakken"]


def test_the_access_page_names_the_roles_that_give_the_right(app, country):
    access = page(app, "unit_access", "bergen-i", user=country.coordinator)

    rows = [" ".join(row.get_text(" ").split()) for row in access.html.select("tbody tr")]
    assert rows == [
        f"{country.contact} Group contact, Bergen I since Jan. 1, 2020 Yes No No",
        f"{country.coordinator} Coordinator, Sykepleienettverket since Jan. 1, 2020 Yes Yes Yes",
        f"{country.reader} Reader, Sykepleienettverket since Jan. 1, 2020 No No No",
        f"{country.administrator} Administrator, Helse Vest since Jan. 1, 2020 Yes Yes Yes",
    ]


def test_extra_keys_in_a_form_have_no_effect(app, country):
    form = form_in(page(app, "unit_edit", "bergen-i", user=country.contact))
    sent = {**dict(form.submit_fields()), "description_nb": "Ny tekst", "name_nb": "Kapret"}
    sent |= {"kind": "region", "parent": "", "slug": "x", "ends_on": "2020-01-01", "id": "1"}
    row = Unit.objects.rewrite(False).filter(pk=country.bergen_1.pk).values()
    before = row.get()

    app.post(reverse("network:unit_edit", args=["bergen-i"]), sent, user=country.contact)

    after = row.get()
    changed = {name for name in before if before[name] != after[name]}
    texts = {"description", "description_nb", "description_nn", "description_en"}
    assert changed - texts == {"updated_at"}


def test_the_second_of_two_editors_is_shown_both_versions(django_app_factory, country):
    one, other = django_app_factory(), django_app_factory()
    mine = form_in(page(one, "unit_edit", "bergen-i", user=country.coordinator))
    theirs = form_in(page(other, "unit_edit", "bergen-i", user=country.administrator))
    theirs["name_nb"] = "Bergen Øst"
    theirs.submit().follow()

    mine["name_nb"] = "Bergen Vest"
    answer = mine.submit(status=409)

    country.bergen_1.refresh_from_db()
    assert country.bergen_1.name_nb == "Bergen Øst"
    assert "Bergen Øst" in answer
    assert "Bergen Vest" in answer


def test_the_history_says_who_changed_what(app, country):
    form = form_in(page(app, "unit_edit", "bergen-i", user=country.coordinator))
    form["short_name"] = "B I"
    form.submit().follow()
    form = form_in(page(app, "role_give", "bergen-i", user=country.coordinator))
    form["kind"] = "reader"
    form["email"] = "ny@example.org"
    form["given_name"] = "Ny"
    form["family_name"] = "Leser"
    form.submit().follow()

    history = page(app, "unit_history", "bergen-i", user=country.coordinator)

    cells = [row.select("td")[1:] for row in history.html.select("tbody tr")]
    said = {tuple(" ".join(cell.get_text(" ").split()) for cell in row) for row in cells}
    today = date_format(timezone.localdate())
    assert ("Changed the unit short name: B I", str(country.coordinator)) in said
    assert (
        f"Gave the role from: {today} person: Ny Leser role: Reader",
        str(country.coordinator),
    ) in said


def test_a_role_given_twice_is_told_of_and_given_once(app, country, member):
    for _time in range(2):
        form = form_in(page(app, "role_give", "bergen-i", user=country.coordinator))
        form["kind"] = "reader"
        form["email"] = member.email
        form["given_name"] = "Whoever"
        form["family_name"] = "She Is"
        answer = form.submit()

    assert "This person already has this role here." in answer
    assert member.roles.count() == 1
    member.refresh_from_db()
    assert member.given_name != "Whoever"
