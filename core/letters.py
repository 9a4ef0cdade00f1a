"""One mail, one template: subject, text and HTML are three views of the same file."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True)
class Letter:
    """What one mail says; its fields are what `core.mail.queue` takes."""

    subject: str
    text: str
    html: str
    language: str


def compose(template: str, *, language: str, person: Any = None, **context: Any) -> Letter:
    """Return the letter that `template` tells to `person` in `language`.

    The template starts with `{% extends layout %}` and fills the blocks `subject`, `body`,
    `action` (the words on the button to `url`) and `after`. A `code` is set in large figures.
    """
    context = {"code": "", "url": "", **context}
    context |= {"person": person, "language": language, "site_url": settings.SITE_URL}
    with translation.override(language):
        subject, text, html = (
            render_to_string(template, context | {"layout": f"emails/{layout}"})
            for layout in ("subject.txt", "base.txt", "base.html")
        )
    return Letter(
        subject=" ".join(subject.split()),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=html.strip() + "\n",
        language=language,
    )
