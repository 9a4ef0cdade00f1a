"""What a coordinator does with many at once: asked for, shown, confirmed, all or nothing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation
from core import jobs
from core.models import Job, LogEntry, OutgoingMail
from members.models import Membership
from network.models import Role
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    RoleFactory,
)

DEEDS = ["mail_selected", "move_selected", "end_selected", "invite_selected"]
TODAY = timezone.localdate()


@pytest.fixture
def network():
    return NetworkFactory()


@pytest.fixture
def group(network):
    return GroupFactory(parent=network, name_nb="Bergen I", slug="bergen-1")


@pytest.fixture
def other_group(network):
    return GroupFactory(parent=network, name_nb="Voss", slug="voss")


@pytest.fixture
def coordinator(network):
    person = PersonFactory(given_name="Marit", family_name="Aasen", email="marit@example.org")
    return RoleFactory(unit=network, person=person).person


def member(given, unit, **person):
    person = PersonFactory(given_name=given, family_name="Vik", **person)
    return MembershipFactory(person=person, unit=unit)


def open_page(app, user, deed, *memberships, **asked):
    query = {"rows": [membership.pk for membership in memberships], **asked}
    return app.get(reverse(f"members:{deed}"), params=query, user=user)


def main_form(page):
    return next(
        form for form in page.forms.values() if "do-" in form.text or "confirmed" in form.fields
    )


@pytest.fixture
def app(django_app):
    return django_app


def test_the_chosen_are_picked_on_the_roster_itself(app, coordinator, group, other_group):
    member("Ida", group)
    page = app.get(reverse("members:roster"), user=coordinator)

    form = page.forms["selection"]
    form.set("rows", True, index=0)
    form.action = reverse("members:end_selected")
    asked = form.submit()

    assert "1 chosen from the list" in asked
    assert "Ida Vik" in asked


def test_members_are_moved_when_it_is_confirmed(app, coordinator, group, other_group):
    ida, siv = member("Ida", group), member("Siv", group)
    LeaderAssignmentFactory(membership=ida)
    MembershipFactory(person=siv.person, unit=other_group)

    form = main_form(open_page(app, coordinator, "move_selected", ida, siv))
    form["do-unit"] = other_group.pk
    asked = form.submit()

    assert Membership.objects.count() == 3
    assert "1 is left out" in asked
    assert "Is in this group already, through another membership." in asked

    done = main_form(asked).submit().follow()

    assert "1 person has moved to Voss." in done
    moved = Membership.objects.open().get(person=ida.person)
    assert (moved.unit, moved.workplace, moved.starts_on) == (other_group, ida.workplace, TODAY)
    assert moved.leaders.open().count() == 1
    ida.refresh_from_db()
    assert (ida.ends_on, ida.end_reason) == (TODAY, "moved_group")
    change = ida.events.get(pgh_label="update")
    assert change.pgh_context.metadata["verb"] == "members.roster.moved"
    assert change.pgh_context.metadata["by_name"] == "Marit Aasen"


def test_memberships_are_ended_when_it_is_confirmed(app, coordinator, group):
    ida = member("Ida", group)
    gone = MembershipFactory(unit=group, ends_on=dt.date(2024, 1, 1))

    form = main_form(open_page(app, coordinator, "end_selected", ida, gone))
    form["do-reason"] = "retired"
    asked = form.submit()
    done = main_form(asked).submit().follow()

    assert "The membership has ended, or has an end." in asked
    assert "1 membership has an end." in done
    ida.refresh_from_db()
    assert (ida.ends_on, ida.end_reason) == (TODAY, "retired")


def test_persons_are_invited_once_and_not_those_who_use_the_portal(
    app, coordinator, group, other_group
):
    ida = member("Ida", group, is_active=False)
    again = MembershipFactory(person=ida.person, unit=other_group)
    siv = member("Siv", group, last_login=timezone.now())

    asked = open_page(app, coordinator, "invite_selected", ida, again, siv)
    done = main_form(asked).submit().follow()

    assert "Uses the portal already." in asked
    assert "Is chosen already, through another membership." in asked
    assert "1 person gets an invitation." in done
    assert [invitation.person for invitation in Invitation.objects.all()] == [ida.person]


def test_a_mail_goes_to_each_person_once_and_answers_to_the_coordinator(
    app, coordinator, group, other_group
):
    ida = member("Ida", group, email="ida@example.org")
    again = MembershipFactory(person=ida.person, unit=other_group)
    form = main_form(open_page(app, coordinator, "mail_selected", ida, again))
    form["do-subject"] = "Møte  i <b>mars</b>"
    form["do-text"] = "Hei!\n\nVelkommen <script>."

    asked = form.submit()
    assert OutgoingMail.objects.count() == 0
    assert "Velkommen &lt;script&gt;." in asked
    confirm = main_form(asked)
    confirm.submit()
    confirm.submit()

    [mail] = OutgoingMail.objects.all()
    assert (mail.address, mail.subject) == ("ida@example.org", "Møte i <b>mars</b>")
    assert mail.headers == {"Reply-To": "marit@example.org"}
    assert mail.text.startswith("Hei!\n\nVelkommen <script>.\n\n-- \nSent by Marit Aasen")
    assert mail.html == ""
    entry = LogEntry.objects.filter(verb="members.roster.mailed").last()
    assert (entry.by, entry.details["persons"]) == (coordinator, 1)


def test_the_text_can_be_changed_before_it_is_sent(app, coordinator, group):
    form = main_form(open_page(app, coordinator, "mail_selected", member("Ida", group)))
    form["do-subject"], form["do-text"] = "Hei", "Velkommen"

    changed = main_form(main_form(form.submit()).submit("change"))

    assert (changed["do-subject"].value, changed["do-text"].value.strip()) == ("Hei", "Velkommen")


def test_all_in_the_filter_means_all_pages_and_nobody_else(app, coordinator, group, other_group):
    for number in range(30):
        member(f"P{number:02}", group)
    outside = member("Ola", other_group)

    asked = open_page(app, coordinator, "end_selected", all=1, unit=group.slug, size=25)
    assert "30 chosen from the list" in asked
    main_form(main_form(asked).submit()).submit()

    assert list(Membership.objects.open()) == [outside]


def test_what_is_confirmed_is_what_was_shown(app, coordinator, group):
    member("Ida", group)
    page = open_page(app, coordinator, "end_selected", all=1)
    asked = main_form(page).submit()
    member("Siv", group)

    again = main_form(asked).submit()

    assert "The list has changed since you looked." in again
    assert Membership.objects.open().count() == 2


def test_more_than_fifty_are_left_to_a_job(app, coordinator, group, other_group):
    rows = [member(f"P{number}", group) for number in range(60)]
    form = main_form(open_page(app, coordinator, "move_selected", all=1))
    form["do-unit"] = other_group.pk

    response = main_form(form.submit()).submit()

    job = Job.objects.get()
    assert response.location == reverse("core:job", args=[job.pk])
    assert other_group.memberships.count() == 0
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.error, job.result) == ("", {"message": "60 persons have moved to Voss."})
    assert other_group.memberships.open().count() == len(rows)


def test_a_job_that_is_run_twice_acts_once(app, coordinator, group):
    for number in range(51):
        member(f"P{number}", group)
    main_form(main_form(open_page(app, coordinator, "end_selected", all=1)).submit()).submit()
    job = Job.objects.get()
    jobs.run(job.pk)
    Job.objects.update(state=Job.State.QUEUED, finished_at=None)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")


def test_a_job_does_nothing_when_the_right_is_gone(app, coordinator, group):
    for number in range(51):
        member(f"P{number}", group)
    main_form(main_form(open_page(app, coordinator, "end_selected", all=1)).submit()).submit()
    Role.objects.update(ends_on=TODAY)

    jobs.run(Job.objects.get().pk)

    assert Job.objects.get().error == (
        "Somebody chosen is no longer in the units you manage. Nothing has been done."
    )
    assert Membership.objects.open().count() == 51


def test_nothing_is_half_done(app, coordinator, group, other_group):
    ida, siv = member("Ida", group), member("Siv", group)
    form = main_form(open_page(app, coordinator, "move_selected", ida, siv))
    form["do-unit"] = other_group.pk
    asked = form.submit()
    # Meanwhile the second gets in the way in a manner the plan does not look at.
    MembershipFactory(
        person=siv.person,
        unit=other_group,
        workplace=siv.workplace,
        starts_on=TODAY + dt.timedelta(days=30),
        ends_on=TODAY + dt.timedelta(days=60),
    )

    refused = main_form(asked).submit()

    assert "Nothing has been done." in refused
    assert set(Membership.objects.open()) == {ida, siv}


def test_nobody_chosen_leads_back_to_the_list(app, coordinator, group):
    back = app.get(reverse("members:end_selected"), user=coordinator).follow()

    assert "Choose somebody in the list first." in back


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_one_row_out_of_sight_makes_the_whole_selection_not_found(
    client, coordinator, group, deed, method
):
    mine, foreign = member("Ida", group), member("Ola", GroupFactory())
    client.force_login(coordinator)

    rows = {"rows": [mine.pk, foreign.pk], "confirmed": "x", "do-on": TODAY}
    response = getattr(client, method)(reverse(f"members:{deed}"), rows)

    assert response.status_code == 404
    assert Membership.objects.open().count() == 2


@pytest.mark.parametrize("rows", ["abc", "-1", "9" * 30, str(2**63), ""])
def test_a_senseless_row_is_not_found(client, coordinator, group, rows):
    client.force_login(coordinator)

    assert client.get(reverse("members:end_selected"), {"rows": rows}).status_code == 404


def test_a_group_out_of_sight_cannot_be_moved_to(app, coordinator, group):
    foreign = GroupFactory()
    form = main_form(open_page(app, coordinator, "move_selected", member("Ida", group)))
    form["do-unit"].force_value(str(foreign.pk))

    asked = form.submit()

    assert "Select a valid choice" in asked
    assert foreign.memberships.count() == 0


def test_extra_keys_have_no_effect(client, coordinator, group):
    ida = member("Ida", group)
    client.force_login(coordinator)
    sent = {"rows": ida.pk, "do-on": TODAY, "unit_id": 1, "person": 1, "do-person": 1, "id": 9}
    asked = client.post(reverse("members:end_selected"), sent)
    sent["confirmed"] = asked.context_data["plan"].fingerprint

    client.post(reverse("members:end_selected"), sent)

    after = Membership.objects.get()
    assert (after.pk, after.person, after.unit, after.ends_on) == (ida.pk, ida.person, group, TODAY)


@pytest.mark.parametrize("deed", [*DEEDS, "export"])
@pytest.mark.parametrize("kind", [Role.Kind.GROUP_CONTACT, Role.Kind.READER])
def test_who_does_not_manage_may_do_nothing_with_many(client, group, deed, kind):
    client.force_login(RoleFactory(unit=group, kind=kind).person)

    assert client.get(reverse(f"members:{deed}")).status_code == 403
    assert client.post(reverse(f"members:{deed}")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "status"),
    [("administrator", 200), ("coordinator", 200), ("group_contact", 200), ("reader", 403)],
)
def test_who_may_open_the_roster(client, group, kind, status):
    client.force_login(RoleFactory(unit=group, kind=kind).person)

    assert client.get(reverse("members:roster")).status_code == status


def test_members_and_leaders_do_not_open_the_roster(client, group):
    assignment = LeaderAssignmentFactory(membership=member("Ida", group))

    for person in (assignment.membership.person, assignment.leader):
        client.force_login(person)
        assert client.get(reverse("members:roster")).status_code == 403


def test_a_group_contact_sees_her_group_only_and_can_tick_nobody(client, group, other_group):
    member("Ida", group)
    member("Ola", other_group)
    client.force_login(RoleFactory(unit=group, kind="group_contact").person)

    page = client.get(reverse("members:roster"))

    assert "Ida Vik" in page.text
    assert "Ola Vik" not in page.text
    assert 'name="rows"' not in page.text
    assert client.get(reverse("members:roster"), {"unit": "voss"}).status_code == 404


def test_a_mailing_asks_for_the_second_factor_again(client, coordinator, group):
    ida = member("Ida", group)
    coordinator.set_password("a password for this test only")
    coordinator.save()
    client.force_login(coordinator)
    session = client.session
    session["account_authentication_methods"] = [
        {**method, "at": method["at"] - 3600}
        for method in session["account_authentication_methods"]
    ]
    session.save()

    response = client.get(reverse("members:mail_selected"), {"rows": ida.pk})

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
