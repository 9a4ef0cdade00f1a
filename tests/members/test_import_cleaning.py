import datetime as dt
import io
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import exports, phones
from members.imports import cleaning, columns, reading
from members.imports.cleaning import Unclean
from members.models import RosterImportRow

FAST = settings(deadline=None, suppress_health_check=list(HealthCheck))


def unclean(cleaner, value):
    with pytest.raises(Unclean) as finding:
        cleaner(value)
    return finding.value.code


# -- Phones ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["90067073", "900 67 073", "90 06 70 73", "+47 900 67 073", "0047 90067073", "4790067073",
     "(+47) 90 06 70 73", "900-67-073", "900.67.073", "Tlf. 900 67 073", "mob: 90067073",
     "+47\u00a0900\u00a067\u00a0073"],
)  # fmt: skip
def test_a_norwegian_number_is_kept_in_one_form(written):
    assert phones.parse(written) == "+4790067073"


def test_a_foreign_number_keeps_its_country():
    assert phones.parse("+46 (0)70-123 45 67") == "+46701234567"
    assert phones.parse("0045 12345678") == "+4512345678"
    assert phones.parse("02800") == "02800"


@pytest.mark.parametrize(
    "written",
    ["", "12345", "+47 123", "90067073 / 55123456", "9" * 5000, "ring Kari", "+", "٩٠٠٦٧٠٧٣"],
)
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="not a telephone number"):
        phones.parse(written)


@FAST
@given(st.from_regex(r"[2-9][0-9]{7}", fullmatch=True))
def test_a_kept_number_is_read_back_from_how_it_is_shown(digits):
    assert phones.parse(phones.shown(phones.parse(digits))) == f"+47{digits}"


# -- Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["22.10.2010", "22/10-2010", "22/10/2010", "22-10-2010", "2010-10-22", "2010-10-22T00:00:00",
     "22. oktober 2010", "22 okt 2010", "22. october 2010", "22.10.10", "221010", "22102010",
     "20101022", "40473"],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_form(written):
    assert cleaning.date(written) == dt.date(2010, 10, 22)


def test_a_month_or_a_year_means_its_first_day():
    assert cleaning.date("oktober 2010") == dt.date(2010, 10, 1)
    assert cleaning.date("10.2010") == dt.date(2010, 10, 1)
    assert cleaning.date("2010") == dt.date(2010, 1, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [("31.02.2020", "date_impossible"), ("10/22/2010", "date_impossible"),
     ("22. oktembar 2010", "date_impossible"), ("i fjor", "date_bad"), ("9" * 5000, "date_bad"),
     ("01.01.1900", "date_unlikely"), ("01.01.2099", "date_unlikely"), ("99999", "date_unlikely")],
)  # fmt: skip
def test_a_date_that_cannot_be_is_refused(written, code):
    assert unclean(cleaning.date, written) == code


@FAST
@given(st.dates(dt.date(1970, 1, 1), dt.date(2026, 1, 1)))
def test_every_date_survives_the_way_a_norwegian_and_a_machine_write_it(day):
    assert cleaning.date(f"{day:%d.%m.%Y}") == day
    assert cleaning.date(day.isoformat()) == day


# -- Addresses and names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["kari@kommune.example", " Kari@Kommune.example ", "mailto:kari@kommune.example",
     "Kari Å <kari@kommune.example>", "kari@kommune.example;"],
)  # fmt: skip
def test_an_address_is_kept_in_small_letters(written):
    assert cleaning.email(cleaning.clean_text(written)) == "kari@kommune.example"


@pytest.mark.parametrize(
    ("written", "code"),
    [("kari@kommune,example", "email_comma"), ("kari @kommune.example", "email_space"),
     ("kari(at)kommune.example", "email_at")],
)  # fmt: skip
def test_a_slip_in_an_address_is_proposed_right(written, code):
    with pytest.raises(Unclean) as finding:
        cleaning.email(written)

    assert finding.value.code == code
    assert finding.value.words["proposal"] == "kari@kommune.example"


@pytest.mark.parametrize(
    ("written", "code"),
    [("ikke.en.adresse", "email_bad"), ("bjørg@kommune.example", "email_letters"),
     ("a@b.example, c@d.example", "email_bad"), ("x" * 300 + "@y.example", "email_bad")],
)  # fmt: skip
def test_what_is_no_address_is_refused(written, code):
    assert unclean(cleaning.email, written) == code


def test_a_name_is_split_by_its_comma_or_before_its_last_word():
    assert cleaning.split_name("Aune, Eirik") == ("Eirik", "Aune")
    assert cleaning.split_name("Per-Olav Moe") == ("Per-Olav", "Moe")
    assert cleaning.split_name("Anna Maria Lie Bø") == ("Anna Maria Lie", "Bø")


@pytest.mark.parametrize(
    ("written", "code"),
    [("Kari", "name_halved"), (", Kari", "name_halved"), ("12 34", "no_name"),
     ('=HYPERLINK("http://example.org";"x")', "formula"), ("+Kari Moe", "formula"),
     ("@SUM(A1) x", "formula"), ("x" * 90 + " " + "y" * 120, "too_long")],
)  # fmt: skip
def test_what_is_no_whole_name_is_refused(written, code):
    assert unclean(cleaning.split_name, written) == code


@FAST
@given(st.text())
def test_clean_text_is_composed_visible_and_clean_for_good(text):
    clean = cleaning.clean_text(text)

    assert clean == cleaning.clean_text(clean) == unicodedata.normalize("NFC", clean)
    assert not {unicodedata.category(letter) for letter in clean} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert clean == clean.strip()


@FAST
@given(st.text(max_size=700))
def test_no_cell_ever_raises_anything_but_a_finding(text):
    value = cleaning.clean_text(text)
    for cleaner in (
        cleaning.split_name, cleaning.name_part, cleaning.email, cleaning.phone, cleaning.date,
        cleaning.hours, cleaning.educations, cleaning.key_of, cleaning.workplace_kind,
        columns.field_of,
    ):  # fmt: skip
        try:
            cleaner(value)
        except Unclean as finding:
            assert finding.code  # noqa: PT017 -- nothing else may come


# -- Headings, education, workplaces ----------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "name"),
    [("E-post", "email"), ("Epost", "email"), ("E-POSTADRESSE", "email"), ("Mail", "email"),
     ("E-post (jobb)", "email"), ("Tlf", "phone"), ("Tlf.", "phone"), ("Mobil", "phone"),
     ("Telefonnummer", "phone"), ("Yrke", "profession"), ("Faggruppe", "profession"),
     ("Stilling", "position"), ("Arb.sted", "workplace"), ("Arbeidsplass", "workplace"),
     ("Arbeidstad", "workplace"), ("Kommune/bydel", "municipality"), ("Område", "unit"),
     ("Nettverksgruppe", "unit"), ("Fra dato", "starts_on"), ("Ressursperson siden", "starts_on"),
     ("Næraste leiar", "leader_name"), ("Nærmeste leder", "leader_name"),
     ("Leders e-post", "leader_email"), ("Leders telefon", "leader_phone"),
     ("Fagansvarlig", "lead_name"), ("Videreutdanning", "education"), ("Etternavn", "family_name"),
     ("Etternamn", "family_name"), ("Fornamn", "given_name"), ("Skostørrelse", ""), ("", "")],
)  # fmt: skip
def test_a_heading_is_recognised_in_three_languages_and_with_slips(heading, name):
    assert columns.field_of(heading) == name


def test_the_row_of_headings_need_not_be_the_first():
    rows = [["Ressurspersoner vår 2026"], [], ["Navn", "E-post", "Skostørrelse"], ["A B", "a@b.no"]]

    (found,) = columns.recognise(reading.Content([reading.Sheet("", rows)]))

    assert (found.header, found.fields, found.is_used) == (2, ["name", "email", ""], True)


def test_a_column_of_identity_numbers_is_not_read():
    rows = [["Navn", "E-post", "Fødselsnummer"], ["A B", "a@b.no", "01010112345"]]
    sheet = reading.Sheet("", rows)
    (found,) = columns.recognise(reading.Content([sheet]))

    shown = columns.shown(sheet, found)

    assert found.fields == ["name", "email", ""]
    assert shown["forbidden"] == ["Fødselsnummer"]


def test_an_education_has_a_kind_and_a_year():
    cell = "Master i kreftsykepleie, 2019; Palliasjon, under utdanning 2027"

    assert cleaning.educations(cell) == [
        {"kind": "master", "title": "Master i kreftsykepleie", "completed_in": 2019,
         "expected_in": None},
        {"kind": "further", "title": "Palliasjon, under utdanning", "completed_in": None,
         "expected_in": 2027},
    ]  # fmt: skip
    assert cleaning.educations("nei") == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Nes sykehjem", "nursing_home"), ("Voss sjukeheim", "nursing_home"),
     ("Grue hjemmesykepleie sone 2", "home_care_zone"), ("Grue hjemmesykepleie", "home_care"),
     ("Grue kreftavdeling", "hospital_ward"), ("Medisinsk post 2", "hospital_ward"),
     ("Grue palliativ enhet", "specialist_unit"), ("Ås legevakt", "emergency_clinic"),
     ("Ås bo- og omsorgssenter", "sheltered_housing"), ("Rådhuset", "other")],
)  # fmt: skip
def test_the_kind_of_a_workplace_is_told_by_its_name(name, kind):
    assert cleaning.workplace_kind(name) == kind


# -- Out and in again ------------------------------------------------------------------------

names = st.text(
    st.characters(categories=["Lu", "Ll"], include_characters="-' .", max_codepoint=0x24F),
    min_size=1,
).map(cleaning.clean_text)


@settings(FAST, max_examples=8)
@given(
    st.lists(
        st.tuples(names, names, st.from_regex(r"\+47[2-9][0-9]{7}", fullmatch=True)), min_size=1
    )
)
@pytest.mark.parametrize("write", [exports.write_xlsx, exports.write_csv])
def test_what_an_export_writes_is_read_back_the_same(write, people):
    people = [row for row in people if row[0] and row[1]]
    heading = [("Fornavn", "text"), ("Etternavn", "text"), ("Mobil", "phone")]
    file = io.BytesIO()
    write(heading, people, file)

    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster"
        path.write_bytes(file.getvalue())
        rows = reading.read(path).sheets[0].rows[1:]

    assert [
        (exports.unescape(given), exports.unescape(family), phones.parse(phone))
        for given, family, phone in rows
    ] == people


def test_every_field_of_a_change_has_a_label():
    assert RosterImportRow.Outcome.NEW == "new"
    assert {"name", "email", "unit", "workplace"} <= set(columns.FIELDS)
