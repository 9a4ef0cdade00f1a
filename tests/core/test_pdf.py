import io
import re
import socket
import subprocess
import threading

import pikepdf
import pytest
from django.template import Context, Template
from django.utils import translation
from weasyprint.urls import FatalURLFetchingError

from core import pdf

LETTERS = "ÁáČčĐđŊŋŠšŦŧŽž ÆæØøÅå"
PAGE = """
{% extends "pdf/base.html" %}
{% block title %}Competence plan{% endblock title %}
{% block organisation %}The nurses' network{% endblock organisation %}
{% block running_title %}Competence plan for {{ name }}{% endblock running_title %}
{% block heading %}Competence plan{% endblock heading %}
{% block content %}
<p class="mast__to">For {{ name }}</p>
<h2>Parts</h2>
<p>{{ letters }} <a href="https://ressursnett.example/plan">ressursnett.example/plan</a></p>
<table><caption>State of each part</caption>
<thead><tr><td></td><th scope="col">State</th><th scope="col">When</th></tr></thead>
<tbody>{% for part in parts %}
<tr><th scope="row">{{ part }}</th>
<td><span class="st st--ok">Done</span></td><td>1 May 2026</td></tr>
{% endfor %}</tbody></table>
{% endblock content %}
"""


def plan(parts=60):
    context = {
        "name": "Láilá Čuovžilan Måsø",
        "letters": LETTERS,
        "parts": [f"Part {number}" for number in range(parts)],
    }
    return pdf.make_pdf(Template(PAGE).render(Context(context)))


def text_of(content):
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def fonts_of(page):
    """Return whether each font on `page` is embedded, by name."""
    fonts = {}
    for font in page.Resources.get("/Font", {}).values():
        for descendant in font.get("/DescendantFonts", [font]):
            fonts[str(font.BaseFont)] = "/FontFile2" in descendant.FontDescriptor or (
                "/FontFile3" in descendant.FontDescriptor
            )
    return fonts


@pytest.fixture(scope="module")
def document():
    with translation.override("nb"):
        return plan()


def test_a_document_is_tagged_titled_and_in_a_language(document):
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "nb"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert opened.Root.StructTreeRoot is not None
        assert opened.docinfo["/Title"] == "Competence plan"
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_every_font_is_embedded_and_is_inter(document):
    with pikepdf.open(io.BytesIO(document)) as opened:
        fonts = {}
        for page in opened.pages:
            fonts |= fonts_of(page)

    assert set(fonts.values()) == {True}
    assert {name.split("+")[1] for name in fonts} == {
        "Inter",
        "Inter-Semi-Bold",
        "Inter-Display-Semi-Bold",
    }


def test_sami_letters_can_be_read_out_of_it(document):
    text = text_of(document)

    assert LETTERS in text
    assert "Láilá Čuovžilan Måsø" in text


def test_pages_are_numbered_in_the_language_of_the_reader():
    with translation.override("en"):
        text = text_of(plan())

    pages = text.count("\f")
    assert pages > 1
    assert re.findall(r"Page (\d+) of (\d+)", text) == [
        (str(number), str(pages)) for number in range(1, pages + 1)
    ]


def test_the_file_does_not_tell_where_it_was_made(document):
    with pikepdf.open(io.BytesIO(document)) as opened, opened.open_metadata() as metadata:
        told = {str(value) for value in opened.docinfo.values()} | {
            str(value) for value in metadata.values()
        }

    assert not any(socket.gethostname() in value for value in told)
    assert b"/work" not in document
    assert not any("/static" in value or "file:" in value for value in told)


@pytest.fixture
def listener():
    """Listen, and keep what connects."""
    visits = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def serve():
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                visits.append(connection.getpeername())
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", visits
        stop.set()
        thread.join()


VECTORS = [
    '<style>@import url("{there}/1");</style>',
    '<p style="background: url({there}/2)">x</p>',
    '<ul style="list-style: url({there}/3)"><li>x</li></ul>',
    "<style>@font-face {{ font-family: F; src: url({there}/4) }} p {{ font: 1em F }}</style><p>x",
    '<img src="{there}/5" alt="x">',
    '<object data="{there}/6"></object>',
    '<embed src="{there}/7">',
    '<link rel="stylesheet" href="{there}/9">',
    '<link rel="attachment" href="{there}/10">',
    '<a rel="attachment" href="{there}/11">x</a>',
]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_page_that_reaches_outside_is_not_rendered(vector, listener):
    address, visits = listener

    for there in (address, "file:///etc"):
        with pytest.raises(FatalURLFetchingError, match="A PDF may not load"):
            pdf.make_pdf(f"<html><body>{vector.format(there=there)}</body></html>")

    assert visits == []


def test_a_drawing_that_reaches_outside_stays_empty(listener):
    address, visits = listener
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>'
    )

    for there in (f"{address}/8", "file:///etc/passwd"):
        document = pdf.make_pdf(f'<html lang="en"><body>{drawing.format(there)}</body></html>')
        with pikepdf.open(io.BytesIO(document)) as opened:
            assert dict(opened.pages[0].Resources.get("/XObject", {})) == {}
            assert not opened.attachments

    assert visits == []


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../../etc/passwd",
        "../config/settings.py",
        "css/../../manage.py",
        "nothing.css",
    ],
)
def test_only_our_own_static_files_are_served(name):
    with pytest.raises(FatalURLFetchingError, match="A PDF may not load"):
        pdf.make_pdf(f'<html><body><img src="static:{name}" alt="x"></body></html>')
