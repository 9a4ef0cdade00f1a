"""What the shell shows around every page."""

from typing import Any

from django.http import HttpRequest


def shell(_request: HttpRequest) -> dict[str, Any]:
    """Return the menu and the footer for the person who asks."""
    return {}
