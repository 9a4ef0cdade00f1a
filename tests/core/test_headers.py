"""What every answer says to the browser: OU-03 to OU-06."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import include, path, reverse

from tests.factories import PersonFactory

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def broken(request):
    raise ZeroDivisionError("secret details")


broken.login_required = False
urlpatterns = [path("", include("config.urls")), path("broken/", broken)]


def answer_to(path):
    client = Client(raise_request_exception=False)
    client.force_login(PersonFactory())
    answer = client.get(path)
    answer.close()
    return answer


ANSWERS = {
    "a page": "/accounts/",
    "a missing page": "/nowhere/",
    "an error": "/broken/",
    "a redirect": "/accounts/login/",
    "a stylesheet": "/static/css/theme.css",
}


@pytest.mark.urls("tests.core.test_headers")
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_has_the_headers(kind):
    answer = answer_to(ANSWERS[kind])

    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.urls("tests.core.test_headers")
@pytest.mark.parametrize("kind", ["a page", "a missing page", "an error", "a redirect"])
def test_what_is_personal_is_kept_by_no_cache(kind):
    assert "no-store" in answer_to(ANSWERS[kind])["Cache-Control"]


@pytest.mark.urls("tests.core.test_headers")
@pytest.mark.parametrize("kind", ["a page", "a missing page", "an error"])
def test_the_content_policy_is_strict(kind):
    policy = dict(
        part.strip().split(" ", 1) if " " in part.strip() else (part.strip(), "")
        for part in answer_to(ANSWERS[kind])["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'self'( 'nonce-[^']+')?", policy["script-src"])
    assert policy["style-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["font-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"


@pytest.mark.parametrize("page", ["account_login", "account_login_by_password"])
def test_no_page_carries_code_or_style_of_its_own(page):
    text = Client().get(reverse(page)).content.decode()

    assert re.findall(r'\son\w+="|\sstyle="|<style|javascript:', text) == []
    assert re.findall(r"<script(?![^>]*(src=|application/json))", text) == []


def test_htmx_is_told_to_be_careful():
    text = Client().get(reverse("account_login")).content.decode()

    for setting in ('"allowEval": false', '"selfRequestsOnly": true', '"allowScriptTags": false'):
        assert setting in text


def test_an_error_tells_nothing_of_how_we_are_made(settings):
    settings.DEBUG = False
    settings.ROOT_URLCONF = "tests.core.test_headers"

    text = answer_to("/broken/").content.decode()

    assert "secret details" not in text
    assert "Traceback" not in text
    assert "Django" not in text


def test_the_cookies_are_closed_to_scripts_and_strangers(client):
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"email": "x@example.org"})

    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"


PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/health/live", secure=True, headers={"host": "portal.example"})
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "hsts": answer["Strict-Transport-Security"],
    "status": answer.status_code,
    "passwords": settings.PASSWORD_HASHERS[0],
}))
"""


def test_on_a_public_address_cookies_are_bound_to_the_host_and_https():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "SECRET_KEY": "x" * 60,
        "DEBUG": "0",
        "DEMO": "0",
    }

    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )

    said = json.loads(done.stdout.splitlines()[-1])
    assert said["names"] == ["__Host-session", "__Host-csrf"]
    assert said["secure"] == [True, True]
    assert said["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert said["status"] == 200
    assert said["passwords"].endswith("Argon2PasswordHasher")
