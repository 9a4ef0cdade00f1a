"""What a nurse does with her own data, and what she gets of it."""

import json

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Person
from core import audit, own_data
from core.models import OutgoingMail
from members import pdf
from members.models import ChangeRequest, Education, LeaderAssignment
from tests.factories import (
    LeaderAssignmentFactory,
    MembershipFactory,
    ProfessionFactory,
    WorkplaceFactory,
)
from tests.members.conftest import main_form


@pytest.fixture
def open_page(django_app, network):
    """Open one of Ingrid's own pages."""

    def open_page(name, *args):
        return django_app.get(reverse(f"members:{name}", args=args), user=network.ingrid)

    return open_page


def test_she_sees_what_is_registered(open_page, network):
    Education.objects.create(person=network.ingrid, title="Cancer nursing")

    page = open_page("own")

    for words in (
        "Hello, Ingrid",
        str(network.membership.workplace),
        "Hans Brekke",
        "Bergen I",
        "900\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}123",
        "Cancer nursing",
        "You have not confirmed it yet.",
    ):
        assert words in page, words


def test_one_tap_confirms_everything(open_page, network):
    page = open_page("own")
    form = next(form for form in page.forms.values() if form.action == reverse("members:confirm"))

    page = form.submit().follow()

    network.ingrid.refresh_from_db()
    assert network.ingrid.confirmed_on == timezone.localdate()
    assert "Last confirmed" in page


def test_she_corrects_her_contact_data(open_page, network):
    form = main_form(open_page("own_contact"))
    form["work_phone"] = "911 11 111"
    form["language"] = "nn"

    form.submit().follow()

    network.ingrid.refresh_from_db()
    assert (network.ingrid.work_phone, network.ingrid.language) == ("+4791111111", "nn")
    assert network.ingrid.events.latest("pgh_id").pgh_context.metadata["by"] == network.ingrid.pk


def test_the_address_is_not_changed_here(open_page):
    assert "email" not in main_form(open_page("own_contact")).fields


def test_she_changes_her_workplace_herself(open_page, network):
    ward = WorkplaceFactory(area=network.membership.workplace.area)
    form = main_form(open_page("own_workplace", network.membership.pk))
    form["workplace"] = ward.pk
    form["keep_leader"] = False

    form.submit().follow()

    membership = network.ingrid.memberships.open().get()
    assert (membership.workplace, membership.unit) == (ward, network.group)
    assert not membership.leaders.open().exists()


def test_workplaces_of_another_area_are_not_offered(open_page, network):
    WorkplaceFactory(name="Far away", area=network.far_group.parent.parent)

    assert "Far away" not in open_page("own_workplace", network.membership.pk)


def test_a_workplace_that_is_not_listed_is_asked_for(open_page, network):
    form = main_form(open_page("own_workplace", network.membership.pk))
    form["workplace"] = ""
    form["workplace_name"] = "Solbakken, ward 3"

    form.submit().follow()

    assert network.membership.change_requests.get().workplace_name == "Solbakken, ward 3"
    assert network.ingrid.memberships.open().get().workplace == network.membership.workplace


def test_she_chooses_among_the_leaders_of_her_workplace(open_page, network):
    gry = LeaderAssignmentFactory(
        membership=MembershipFactory(unit=network.group, workplace=network.membership.workplace),
        leader__given_name="Gry",
    ).leader
    LeaderAssignmentFactory(
        membership=MembershipFactory(unit=network.group), leader__given_name="Elsewhere"
    )
    page = open_page("own_leader", network.membership.pk)
    assert "Elsewhere" not in page

    form = main_form(page)
    form["leader"] = str(gry.pk)
    form.submit().follow()

    assert network.membership.leaders.open().get().leader == gry


def test_she_names_a_leader_who_is_not_registered(open_page, network):
    form = main_form(open_page("own_leader", network.membership.pk))
    form["leader"] = "new"
    form["given_name"], form["family_name"] = "Tove", "Lie"
    form["email"] = "tove@example.org"

    form.submit().follow()

    assert network.membership.leaders.open().get().leader.email == "tove@example.org"


def test_she_cannot_be_her_own_leader(open_page, network):
    form = main_form(open_page("own_leader", network.membership.pk))
    form["leader"] = "new"
    form["given_name"], form["family_name"] = "Ingrid", "Solvang"
    form["email"] = "ingrid@example.org"

    assert "A person cannot be her own leader." in form.submit()


def test_she_registers_her_education(open_page, network):
    form = main_form(open_page("add_education", network.ingrid.pk))
    form["title"] = "Palliative care"
    form["expected_in"] = str(timezone.localdate().year + 1)

    page = form.submit().follow()

    assert page.request.path == reverse("members:own")
    assert "Palliative care" in page


def test_she_sees_who_can_see_her_and_why(open_page, network):
    rows = [
        tuple(cell.get_text(strip=True) for cell in row.select("th, td"))
        for row in open_page("who_sees_me").html.select("main tbody tr")
    ]

    assert set(rows) == {
        ("Hans Brekke", "Nearest leader", "Bergen I"),
        (network.coordinator.name, "Coordinator", "Nurses of Bergen"),
        (network.contact.name, "Group contact", "Bergen I"),
        (network.administrator.name, "Administrator", str(network.unit.parent.parent)),
    }


def test_a_leader_lists_her_people(django_app, network):
    ended = LeaderAssignmentFactory(leader=network.leader, membership__unit=network.group)
    ended.ends_on = ended.starts_on
    ended.save()

    page = django_app.get(reverse("members:people"), user=network.leader)

    names = [cell.a.get_text() for cell in page.html.select("main tbody th")]
    assert names == ["Ingrid Solvang"]


# -- Everything stored about me --------------------------------------------------------------

# Rows about a person that are told under another model, or that die with the session.
TOLD_ELSEWHERE = {
    "members.member",  # the same row as the person
    "core.logentry",  # told as what she did, and what was done about her
}


def models_about_persons():
    """Return our models, and allauth's, that point to a person or are one."""
    ours = {"core", "accounts", "network", "members", "meetings", "reporting", "newsletters"}
    libraries = {"account", "mfa", "socialaccount", "usersessions"}
    for model in apps.get_models():
        if model._meta.app_label not in ours | libraries or hasattr(model, "pgh_tracked_model"):
            continue
        related = {field.related_model for field in model._meta.concrete_fields}
        if Person in related or model is Person:
            yield model._meta.label_lower


def test_every_model_about_a_person_says_what_it_holds():
    told = {source.model._meta.label_lower for source in own_data.SOURCES}

    assert set(models_about_persons()) - TOLD_ELSEWHERE - told == set()


@pytest.fixture
def canaries(network):
    """Put one word of its own in every field about Ingrid, and other words about a colleague."""

    def fill(person, membership, mark):
        person.given_name, person.family_name = f"{mark}given", f"{mark}family"
        person.work_phone = "+4790909090" if mark == "mine" else "+4798989898"
        person.save()
        Education.objects.create(person=person, title=f"{mark}education")
        ChangeRequest.objects.create(
            membership=membership,
            workplace_name=f"{mark}workplace",
            note=f"{mark}note",
            answer=f"{mark}answer",
        )
        Invitation.objects.create(
            person=person, token_hash=f"{mark}secrethash", expires_at=timezone.now()
        )
        OutgoingMail.objects.create(
            key=f"{mark}1", person=person, address=f"{mark}@example.org", subject=f"{mark}subject",
            text=f"{mark}text",
        )  # fmt: skip
        OutgoingMail.objects.create(
            key=f"{mark}2", person=person, address=f"{mark}@example.org", subject="Code",
            text=f"{mark}secretcode", is_secret=True,
        )  # fmt: skip
        audit.record(f"{mark}.report.read", by=network.coordinator, about=person)
        audit.record("members.roster.exported", by=network.administrator, about=membership.unit)

    fill(network.ingrid, network.membership, "mine")
    other = MembershipFactory(unit=network.far_group)
    fill(other.person, other, "theirs")
    return network


MINE = (
    "minegiven", "minefamily", "mineeducation", "mineworkplace", "minenote", "mineanswer",
    "minesubject", "minetext", "ingrid@example.org", "Solvang", "Bergen I", "Hans Brekke",
)  # fmt: skip


def everything(client, form):
    if form == "pdf":
        return ""
    name = {"html": "own_data", "json": "own_data_json"}[form]
    return client.get(reverse(f"members:{name}")).content.decode()


@pytest.mark.parametrize("form", ["html", "json"])
def test_she_gets_every_field_about_herself_and_nobody_elses(client, canaries, form):
    client.force_login(canaries.ingrid)

    text = everything(client, form)

    assert [word for word in MINE if word not in text] == []
    assert "theirs" not in text
    assert "secrethash" not in text
    assert "secretcode" not in text


def test_the_machine_form_holds_history_and_exports(client, canaries):
    client.force_login(canaries.ingrid)

    data = json.loads(everything(client, "json"))

    assert data["accounts.person"][0]["work_phone"] == "+4790909090"
    assert len(data["log.exports"]) == 1
    assert data["log.exports"][0]["by_name"] == str(canaries.administrator)
    assert {row["verb"] for row in data["log.about"]} == {"mine.report.read", "accounts.login.done"}
    assert any(
        change["before"] == "Solvang" and change["after"] == "minefamily"
        for entry in data["history"]
        for change in entry["changes"]
    )


def test_she_gets_it_as_pdf(canaries):
    assert pdf.own_data(canaries.ingrid).startswith(b"%PDF-")


def test_her_leader_does_not_get_more_through_his_own_data(client, canaries):
    """He leads her, so the relation is told; what stands about her is not."""
    client.force_login(canaries.leader)

    text = everything(client, "json")

    assert "minegiven" in text
    assert LeaderAssignment.objects.filter(leader=canaries.leader).exists()
    assert [word for word in ("mineeducation", "minenote", "+4790909090") if word in text] == []


def test_profession_is_not_changed_without_the_coordinator(client, network):
    client.force_login(network.ingrid)

    client.post(
        reverse("members:own_contact"),
        {"given_name": "Ingrid", "family_name": "Solvang", "profession": ProfessionFactory().pk},
    )

    profession = network.membership.profession_id
    network.membership.refresh_from_db()
    assert network.membership.profession_id == profession
