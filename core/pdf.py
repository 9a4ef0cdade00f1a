"""Tagged, accessible PDFs from templates, made of nothing but our own static files."""

import mimetypes
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

FONTS = ["built/fonts/Inter-400.ttf", "built/fonts/Inter-600.ttf"]


class MissingFonts(RuntimeError):  # noqa: N818 -- says what is missing
    """The print fonts are not built: without them a PDF lacks Sámi letters on many servers."""

    def __init__(self) -> None:
        super().__init__("The print fonts are missing. Run script/bootstrap, then try again.")


class StaticFetcher(URLFetcher):
    """Serve `static:` addresses from our own files and refuse everything else, loudly."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        content = read_static(name) if scheme == "static" else None
        if content is None:
            raise FatalURLFetchingError(f"A PDF may not load {url[:200]}")
        kind, _ = mimetypes.guess_type(name)
        return URLFetcherResponse(
            url, content, {"Content-Type": kind or "application/octet-stream"}
        )


def read_static(name: str) -> bytes | None:
    """Return one of our own static files, as developed or as collected."""
    try:
        if found := finders.find(name):
            return Path(found).read_bytes()
        with staticfiles_storage.open(name) as file:
            return file.read()
    except (FileNotFoundError, SuspiciousFileOperation):
        return None


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render `template`, which extends `pdf/base.html`, as PDF/UA-1 in the active language."""
    return make_pdf(render_to_string(template, context))


def make_pdf(html: str) -> bytes:
    """Return an HTML page as PDF/UA-1. Raises FatalURLFetchingError when it reaches outside."""
    if any(read_static(name) is None for name in FONTS):
        raise MissingFonts
    return HTML(string=html, url_fetcher=StaticFetcher()).write_pdf(pdf_variant="pdf/ua-1")
