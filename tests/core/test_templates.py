"""What every page has in common: it compiles, and it has its landmarks."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from core.templatetags import ui
from network.models import Role
from tests.access import ACCESS, every_url
from tests.factories import PersonFactory, RoleFactory

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.*"))
PAGES = sorted(
    name
    for name, page in ACCESS.items()
    if not page.of and page.own.startswith("200") and name in dict(every_url())
)
NOT_HTML = {
    "core:live",
    "core:ready",
    "overview:security_text",
    "members:own_data_json",
    "members:own_data_pdf",
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def _small_sprite(tmp_path, settings):
    (tmp_path / "icons.svg").write_text('<svg><symbol id="people"></symbol></svg>')
    settings.STATICFILES_DIRS = [("built", tmp_path)]
    for cache in (ui.sprite, finders.get_finder):
        cache.cache_clear()
    yield
    for cache in (ui.sprite, finders.get_finder):
        cache.cache_clear()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_brings_its_own_style_or_script(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    mails = re.search(r"(emails?/|/pdf/|^pdf/)", name)

    found = re.findall(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=\"", text)

    assert mails or found == []


@pytest.mark.parametrize("name", sorted({*PAGES} - NOT_HTML))
def test_every_page_has_its_landmarks_and_one_heading(django_app, name):
    person = RoleFactory(kind=Role.Kind.ADMINISTRATOR).person

    html = django_app.get(reverse(name), user=person).html

    assert html.html["lang"] == "en"
    assert [len(html.select(mark)) for mark in ("main", "h1", "main h1", "footer")] == [1] * 4
    assert re.fullmatch(r"\S.* \N{EN DASH} Ressursnett", html.title.text)
    ids = [tag["id"] for tag in html.select("[id]")]
    assert sorted(ids) == sorted(set(ids))
    assert [
        tag for tag in html.select("svg, img") if not (tag.get("alt") or tag.get("aria-hidden"))
    ] == []


# -- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["400", "403", "404", "413", "429", "500", "503", "403_csrf"])
def test_an_error_page_asks_nothing_of_the_database(code, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = render_to_string(f"{code}.html")

    assert html.count("<h1>") == 1
    assert code[:3] in html


def test_a_missing_page_and_a_closed_page_say_so_in_the_persons_language(client):
    client.force_login(PersonFactory(language="en"))

    missing, closed = client.get("/no-such-page/"), client.get("/people/import/")

    assert (missing.status_code, closed.status_code) == (404, 403)
    assert "We cannot find this page" in missing.content.decode()
    assert "You may not open this page" in closed.content.decode()


def test_a_form_that_is_too_old_says_what_to_do():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/language/", {"language": "nn"}, headers={"accept-language": "en"})

    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


def test_the_page_of_an_error_of_ours_comes_without_a_person(rf):
    assert defaults.server_error(rf.get("/")).status_code == 500


# -- Forms ---------------------------------------------------------------------------------------


class Sample(forms.Form):
    name = forms.CharField(help_text="Both names.")
    note = forms.CharField(required=False)
    colour = forms.ChoiceField(choices=[("r", "Red"), ("g", "Green")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=[("a", "A")])
    agree = forms.BooleanField(label="I agree")


def test_a_field_is_tied_to_its_label_its_hint_and_its_error(django_app):
    form = Sample({"note": "x"})
    html = parsed(str(form))

    name = html.select_one("#id_name")
    assert html.select_one("label[for=id_name]").text.strip() == "Name"
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["aria-invalid"] == "true"
    assert html.select_one("#id_name_helptext").text == "Both names."
    assert html.select_one("#id_name_error").text == "This field is required."
    assert html.select_one("label[for=id_note]").text.strip() == "Note (optional)"
    assert [html.select_one(f"#id_{field}")["class"] for field in ("name", "kind", "agree")] == [
        ["form-control"],
        ["form-select"],
        ["form-check-input"],
    ]


def test_the_summary_counts_the_errors_and_leads_to_each(django_app):
    html = parsed(str(Sample({"kind": "a", "name": "N"})))

    summary = html.select_one(".rn-errsum")
    assert summary.h2.text.strip() == "2 things must be put right"
    for link in summary.select("a"):
        assert html.select(link["href"])


def test_a_page_with_a_failed_form_says_so_in_its_title():
    form = Sample({})
    html = parsed(
        render_to_string("overview/accessibility.html", {"form": form}, request=anonymous())
    )

    assert html.title.text.startswith("Error: ")


def parsed(text):
    return BeautifulSoup(text, "html.parser")


def anonymous():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.resolver_match = None
    return request


# -- Small drawings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("90000123", "900 00 123"),
        ("+4790000123", "900 00 123"),
        ("47512345", "475 12 345"),
        ("55123456", "55 12 34 56"),
        ("55 12 34 56", "55 12 34 56"),
        ("+46 8 123 456", "+46 8 123 456"),
        ("", ""),
    ],
)
def test_phone_numbers_are_grouped_as_norwegians_read_them(number, shown):
    assert ui.phone(number).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.usefixtures("_small_sprite")
def test_an_icon_comes_from_the_sprite_or_else_is_drawn():
    assert parsed(ui.icon("people")).use["href"] == "/static/built/icons.svg#people"
    assert parsed(ui.icon("person")).path["d"]


def test_a_status_is_an_icon_and_words():
    html = parsed(
        Template("{% status 'bad' words fill=True %}").render(Context({"words": "<b>Gone</b>"}))
    )

    assert html.span["class"] == ["rn-status", "rn-status--bad", "rn-status--fill"]
    assert html.span.text == "<b>Gone</b>"
    assert html.svg["aria-hidden"] == "true"


def test_the_pager_keeps_the_filters_and_marks_the_page(rf):
    page = Paginator(range(1000), 10).page(50)

    html = parsed(render_to_string("ui/pager.html", {"page": page}, rf.get("/?q=å&page=50")))

    assert html.select_one("[aria-current]").text.split() == ["Page", "50"]
    assert html.select_one("[rel=next]")["href"] == "?q=%C3%A5&page=51"
    assert [item.text.strip() for item in html.select("[aria-hidden]")] == ["…", "…"]


def test_a_message_is_read_out_according_to_its_weight():
    messages = [Message(constants.SUCCESS, "Saved."), Message(constants.ERROR, "Not saved.")]

    html = parsed(render_to_string("ui/messages.html", {"messages": messages}))

    assert [(note["role"], note.text.strip()) for note in html.select(".rn-note")] == [
        ("status", "Saved."),
        ("alert", "Not saved."),
    ]
