from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Headers that no library sets: nothing personal may be kept by a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class PersonLocaleMiddleware:
    """The person's own language wins over the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class PlainTextMiddleware:
    """The database keeps no NUL, and no browser sends one: whoever does is answered with 400."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, args: Any, kwargs: dict[str, Any]
    ) -> None:
        sent = [*request.GET.lists(), *request.POST.lists()]
        texts = [text for name, values in sent for text in (name, *values)]
        if any("\0" in text for text in (*texts, *map(str, kwargs.values()))):
            raise BadRequest("A NUL character was sent.")
