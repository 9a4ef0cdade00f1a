"""What a row does to what the portal already holds."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from accounts.models import Person
from core.exceptions import Refused
from members import actions
from members.imports import comparing, rosters, showing
from members.imports.catalogue import Catalogue
from members.imports.columns import recognise
from members.imports.reading import Content, Sheet
from members.imports.reasons import sentence
from members.models import Education, LeaderAssignment, Membership, Position, Profession
from network.models import Municipality, Unit, Workplace
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    RoleFactory,
    TrustAreaFactory,
    UnitFactory,
    WorkplaceFactory,
)

HEADINGS = [
    "Navn",
    "E-post",
    "Mobil",
    "Yrke",
    "Arbeidssted",
    "Gruppe",
    "Siden",
    "Leder",
    "Leders e-post",
]
KARI = [
    "Moe, Kari",
    "kari@x.example",
    "900 00 001",
    "Sykepleier",
    "Nes sykehjem",
    "Øst",
    "1.2.2020",
]
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def area():
    area = TrustAreaFactory(slug="area")
    network = NetworkFactory(parent=area, slug="network")
    for name in ("Øst", "Vest", "Sør 1"):
        GroupFactory(name_nb=name, parent=network)
    return area


def compared(area, *rows, headings=HEADINGS, by=None, choices=None):
    content = Content([Sheet("", [headings, *map(list, rows)])])
    return comparing.compare(content, recognise(content), Catalogue(area, by=by), choices=choices)


def saved(area, *rows, **options):
    found = compared(area, *rows, **options)
    entries = [row.entry for row in found if row.entry and row.outcome != "unchanged"]
    actions.save_roster(entries, on=TODAY(), by=None)
    return found


def reasons(row):
    return [sentence(problem) for problem in row.problems]


def changes(row):
    return {change["field"]: (change["before"], change["after"]) for change in row.changes}


def with_leader(name, email, row=KARI):
    return [*row, name, email]


# -- Known persons -------------------------------------------------------------------------------


def test_a_known_member_changes_field_by_field_and_the_rest_stays(area):
    saved(area, KARI)

    (row,) = saved(area, ["Moe, Kari", "kari@x.example", "900 00 002", "vernepleier", "", "", ""])

    assert row.outcome == "changed"
    assert changes(row) == {
        "phone": ("900 00 001", "900 00 002"),
        "profession": ("Nurse", "Social educator"),
    }
    membership = Membership.objects.get()
    assert (membership.unit.name, membership.workplace.name) == ("Øst", "Nes sykehjem")
    assert (membership.starts_on, membership.profession.code) == (
        dt.date(2020, 2, 1),
        "social-educator",
    )


def test_empty_cells_and_missing_columns_erase_nothing(area):
    saved(area, with_leader("Siv Lie", "siv@x.example"))

    (row,) = compared(area, ["kari@x.example", ""], headings=["E-post", "Mobil"])

    assert (row.outcome, row.changes, reasons(row)) == ("unchanged", [], [])


def test_another_workplace_is_a_new_part_of_the_history(area):
    saved(area, with_leader("Siv Lie", "siv@x.example"))

    (row,) = saved(area, [*KARI[:4], "Nes legevakt", *KARI[5:]])
    again = compared(area, [*KARI[:4], "Nes legevakt", *KARI[5:]])

    assert changes(row) == {"workplace": ("Nes sykehjem", "Nes legevakt")}
    old, new = Membership.objects.order_by("starts_on")
    assert (old.ends_on, old.end_reason) == (TODAY(), "moved_group")
    assert (new.starts_on, new.workplace.name, new.workplace.kind) == (
        TODAY(),
        "Nes legevakt",
        "emergency_clinic",
    )
    assert new.leaders.get().leader.email == "siv@x.example"
    assert again[0].outcome == "unchanged"


def test_another_group_of_the_same_network_is_a_move(area):
    saved(area, KARI)

    (row,) = saved(area, [*KARI[:5], "VEST", KARI[6]])

    assert changes(row) == {"unit": ("Øst", "Vest")}
    assert Membership.objects.open().get().unit.name == "Vest"
    assert compared(area, [*KARI[:5], "vest", KARI[6]])[0].outcome == "unchanged"


def test_a_group_of_another_network_is_one_more_membership(area):
    GroupFactory(name_nb="Nord", parent=NetworkFactory(parent=area))
    saved(area, KARI)

    (row,) = saved(area, [*KARI[:5], "Nord", KARI[6]])

    assert row.outcome == "new"
    assert Membership.objects.open().count() == 2
    assert Person.objects.count() == 1


def test_a_new_leader_takes_over_and_the_old_one_keeps_her_dates(area):
    saved(area, with_leader("Siv Lie", "siv@x.example"))

    (row,) = saved(area, with_leader("Ida Bø", "ida@x.example"))

    assert changes(row) == {"leader_name": ("Siv Lie", "Ida Bø")}
    assert LeaderAssignment.objects.get(ends_on=None).leader.email == "ida@x.example"
    assert LeaderAssignment.objects.get(leader__email="siv@x.example").ends_on == TODAY()


def test_the_day_she_became_a_member_is_corrected(area):
    saved(area, KARI)

    (row,) = saved(area, [*KARI[:6], "1.2.2018"])

    assert changes(row) == {"starts_on": ("2020-02-01", "2018-02-01")}
    assert Membership.objects.get().starts_on == dt.date(2018, 2, 1)


def test_who_was_a_member_before_comes_back_after_her_end(area):
    saved(area, KARI)
    actions.end_membership(Membership.objects.get(), on=dt.date(2024, 1, 1), by=None)

    (row,) = saved(area, KARI)

    assert row.outcome == "new"
    assert row.notes[0]["code"] == "returns"
    assert Membership.objects.open().get().starts_on == dt.date(2024, 1, 1)
    assert compared(area, KARI)[0].outcome == "unchanged"


def test_a_position_says_nothing_of_the_profession_of_a_known_member(area):
    saved(area, [*KARI[:3], "vernepleier", *KARI[4:]])

    (row,) = saved(area, [*KARI[:3], "kreftkoordinator", *KARI[4:]])

    membership = Membership.objects.get()
    assert changes(row) == {"position": ("", "Cancer coordinator")}
    assert (membership.profession.code, membership.position.code) == (
        "social-educator",
        "cancer-coordinator",
    )


def test_an_education_is_added_and_never_taken_away(area):
    headings = [*HEADINGS[:7], "Videreutdanning"]
    saved(area, [*KARI, "Palliasjon"], headings=headings)

    (row,) = saved(area, [*KARI, "Master i helse, 2019"], headings=headings)
    (again,) = compared(area, [*KARI, "PALLIASJON; "], headings=headings)

    assert changes(row) == {"education": ("", "Master i helse")}
    assert set(Education.objects.values_list("title", "kind", "completed_in")) == {
        ("Palliasjon", "further", None),
        ("Master i helse", "master", 2019),
    }
    assert again.outcome == "unchanged"


# -- Persons outside the importer's reach --------------------------------------------------------


def test_a_person_outside_the_scope_gets_a_membership_and_keeps_her_name_and_phone(area):
    stranger = MembershipFactory(
        person=PersonFactory(
            email="kari@x.example",
            given_name="Kari",
            family_name="Lie",
            work_phone="+4755555555",
        ),
    ).person

    (row,) = saved(area, KARI)

    stranger.refresh_from_db()
    assert (row.outcome, [note["code"] for note in row.notes]) == ("new", ["known_elsewhere"])
    assert (stranger.family_name, stranger.work_phone) == ("Lie", "+4755555555")
    assert stranger.memberships.count() == 2


def test_an_address_that_is_another_persons_is_refused(area):
    PersonFactory(email="kari@x.example", given_name="Ola", family_name="Nordmann")

    (row,) = compared(area, KARI)

    assert reasons(row) == ["The e-mail address belongs to Ola Nordmann in the portal."]


def test_a_group_outside_the_chosen_unit_does_not_exist(area):
    GroupFactory(name_nb="Nord")

    (row,) = compared(area, [*KARI[:5], "Nord", KARI[6]])

    assert reasons(row) == ["There is no group “Nord” here."]


def test_who_may_be_a_known_person_is_noted(area):
    saved(area, KARI)

    (row,) = compared(area, ["Moe, Kari", "kari.moe@y.example", *KARI[2:]])

    assert showing.sentence(row.notes[0]) == (
        "May be Kari Moe (kari@x.example), who has the same name or phone."
    )


# -- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Sør 1", "sør I", " SØR  1 ", "Sør-1"])
def test_capitals_spaces_and_roman_numerals_are_the_same_group(area, word):
    (row,) = compared(area, [*KARI[:5], word, KARI[6]])

    assert row.group.name == "Sør 1"


def test_another_number_is_never_a_slip(area):
    (row,) = compared(area, [*KARI[:5], "Sør 2", KARI[6]])

    assert reasons(row) == ["There is no group “Sør 2” here."]


def test_a_near_miss_is_taken_only_when_the_coordinator_says_so(area):
    GroupFactory(name_nb="Nedre Romerike", parent=Unit.objects.get(slug="network"))
    slip = [*KARI[:5], "Nedre Romrike", KARI[6]]

    (row,) = compared(area, slip)
    choice = {"values": {"unit": {"nedre romrike": row.problems[0]["choice"]}}}
    (chosen,) = compared(area, slip, choices=choice)

    assert reasons(row) == ["There is no group “Nedre Romrike” here. Is it Nedre Romerike?"]
    assert (chosen.outcome, chosen.group.name) == ("new", "Nedre Romerike")


def test_words_that_are_not_understood_are_listed_once(area):
    rows = [
        [f"Moe, Kari{n}", f"kari{n}@x.example", "", "sjukepleiarr", "Nes", "Øst", ""]
        for n in range(7)
    ]

    (word,) = comparing.unknown_words(compared(area, *rows))

    assert (word["count"], word["rows"], word["proposal"]) == (7, [2, 3, 4, 5, 6], "Nurse")


def test_municipalities_and_districts_are_found_and_their_slips_proposed(area):
    headings = [*HEADINGS[:7], "Kommune/bydel"]
    rows = [[*KARI, name] for name in ("bergen kommune", "4601", "Alna", "Bergn", "Utopia")]
    for at, row in enumerate(rows):
        row[1] = f"kari{at}@x.example"

    found = compared(area, *rows, headings=headings)

    bergen, alna = (Municipality.objects.current().get(name=n) for n in ("Bergen", "Alna"))
    assert [row.municipality for row in found] == [bergen, bergen, alna, None, None]
    assert reasons(found[3]) == [
        "There is no municipality or district “Bergn”. Is it Bergen (Vestland)?"
    ]
    assert reasons(found[4]) == ["There is no municipality or district “Utopia”."]


def test_a_workplace_is_made_once_and_a_known_one_is_used(area):
    known = WorkplaceFactory(name="Nes Sykehjem", area=area)
    rows = [
        [*KARI[:1], f"kari{n}@x.example", "", "spl.", name, "Øst", ""]
        for n, name in enumerate(["nes sykehjem", "Grue sone 1", "GRUE sone 1"])
    ]

    saved(area, *rows)

    assert Workplace.objects.count() == 2
    assert known.memberships.count() == 1
    made = Workplace.objects.exclude(pk=known.pk).get()
    assert (made.name, made.kind, made.service_level, made.area) == (
        "Grue sone 1",
        "home_care_zone",
        "municipal",
        area,
    )


def test_unknown_professions_are_refused_with_a_proposal(area):
    (row,) = compared(area, [*KARI[:3], "Sykeplejer", *KARI[4:]])

    assert reasons(row) == ["“Sykeplejer” is not a known profession. Is it Nurse?"]
    assert Profession.objects.count() == 8
    assert Position.objects.count() == 2


# -- The same person twice -------------------------------------------------------------------------


def test_one_address_belongs_to_one_person_and_a_row_counts_once(area):
    rows = compared(
        area,
        KARI,
        KARI,
        ["Bø, Ida", *KARI[1:]],
        [*KARI[:4], "Nes legevakt", *KARI[5:]],
        [*KARI[:5], "Vest", KARI[6]],
    )

    assert [row.outcome for row in rows] == ["new", "refused", "refused", "refused", "new"]
    assert [reasons(row) for row in rows[1:4]] == [
        ["The same row stands in row 2."],
        ["The e-mail address is already used by Kari Moe in row 2. Each person has her own."],
        ["Row 2 says something else about the same person in the same group."],
    ]


def test_a_removed_row_no_longer_stands_in_the_way(area):
    rows = compared(area, KARI, ["Bø, Ida", *KARI[1:]], choices={"skipped": ["0:2"]})

    assert [(row.number, row.outcome) for row in rows] == [(3, "new")]


def test_repeated_headings_and_empty_rows_are_no_rows(area):
    rows = compared(area, KARI, [""] * 7, HEADINGS)

    assert [row.number for row in rows] == [2]


# -- Leaders --------------------------------------------------------------------------------------


def test_a_leader_is_made_once_for_all_her_people(area):
    ida = ["Bø, Ida", "ida@x.example", *KARI[2:]]

    saved(area, with_leader("Siv Lie", "SIV@x.example"), with_leader("", "siv@x.example", ida))

    siv = Person.objects.get(email="siv@x.example")
    assert (siv.name, siv.is_active, siv.leads.count()) == ("Siv Lie", False, 2)


def test_a_leader_who_is_a_member_in_the_file_is_one_person(area):
    siv = ["Lie, Siv", "siv@x.example", "900 00 009", *KARI[3:]]

    saved(area, with_leader("Siv Lie", "siv@x.example"), siv)

    assert Person.objects.count() == 2
    assert Person.objects.get(email="siv@x.example").work_phone == "+4790000009"


def test_a_leader_without_address_is_found_by_a_name_that_only_one_has(area):
    leader = LeaderAssignmentFactory(
        membership=MembershipFactory(
            unit=Unit.objects.get(name_nb="Vest"), workplace=WorkplaceFactory(area=area)
        ),
        leader=PersonFactory(given_name="Siv", family_name="Lie"),
    ).leader

    (row,) = saved(area, with_leader("Lie, Siv", ""))

    assert row.notes == []
    assert Membership.objects.get(person__email="kari@x.example").leaders.get().leader == leader


@pytest.mark.parametrize(
    ("name", "email", "note"),
    [
        (
            "Siv Lie",
            "",
            "The leader Siv Lie has no e-mail address, and is left out. A leader needs one.",
        ),
        ("Siv Lie", "siv", "“siv” is not an e-mail address, so the leader is left out."),
        (
            "",
            "siv@x.example",
            "The leader with the address siv@x.example has no name, and is left out.",
        ),
        ("Kari Moe", "kari@x.example", "She stands as her own leader, so the leader is left out."),
    ],
)
def test_a_leader_who_cannot_be_is_noted_and_the_member_stands_without(area, name, email, note):
    (row,) = saved(area, with_leader(name, email))

    assert (row.outcome, [showing.sentence(n) for n in row.notes]) == ("new", [note])
    assert Membership.objects.without_leader().count() == 1


# -- Saving ----------------------------------------------------------------------------------------


def test_what_is_saved_is_in_the_history_as_an_import(area):
    saved(area, KARI)

    event = Membership.objects.get().events.get()
    assert event.pgh_context.metadata["verb"] == "members.roster.imported"


def test_the_number_of_queries_does_not_grow_with_the_file(area, django_assert_max_num_queries):
    few = [
        [f"Moe, Kari{n}", f"k{n}@x.example", *KARI[2:], "Siv Lie", "siv@x.example"]
        for n in range(3)
    ]
    many = [
        [f"Moe, Ola{n}", f"o{n}@x.example", *KARI[2:], "Siv Lie", "siv@x.example"]
        for n in range(60)
    ]
    saved(area, *few)

    with django_assert_max_num_queries(18):
        compared(area, *few)
    with django_assert_max_num_queries(18):
        compared(area, *many)
    with django_assert_max_num_queries(30):
        saved(area, *many)


def test_a_file_without_known_headings_is_refused(area, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("eple;pære\n1;2\n")

    with pytest.raises(Refused, match="No row with known headings"):
        rosters.import_file(path, unit=area, commit=True)


def test_an_importer_reaches_only_what_she_manages(area):
    other = GroupFactory(name_nb="Nord", parent=Unit.objects.get(slug="network"))
    kari = PersonFactory(email="kari@x.example", given_name="Kari", family_name="Gammel Moe")
    MembershipFactory(person=kari, unit=other, workplace=WorkplaceFactory(area=area))
    east = Unit.objects.get(name_nb="Øst")
    of_east, of_network = (PersonFactory() for _ in range(2))
    RoleFactory(person=of_east, unit=east)
    RoleFactory(person=of_network, unit=Unit.objects.get(slug="network"))

    (narrow,) = compared(east, KARI, by=of_east)
    (wide,) = compared(east, KARI, by=of_network)

    assert (narrow.outcome, [n["code"] for n in narrow.notes]) == ("new", ["known_elsewhere"])
    assert wide.outcome == "changed"
    assert changes(wide)["unit"] == ("Nord", "Øst")


def test_units_that_are_closed_take_nobody(area):
    UnitFactory(
        kind="local_group",
        name_nb="Stengt",
        parent=Unit.objects.get(slug="network"),
        ends_on=dt.date(2021, 1, 1),
    )

    (row,) = compared(area, [*KARI[:5], "Stengt", KARI[6]])

    assert reasons(row) == ["There is no group “Stengt” here."]
