"""The portal does not start on an unsafe configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "abcdefghij-0123456789-" * 4
SAFE = {
    "SECRET_KEY": KEY,
    "SITE_URL": "https://ressursnett.example",
    "DATABASE_URL": "postgresql://ressursnett:q7Lw-v2@db.example/ressursnett",
    "REDIS_URL": "redis://queue.example:6379/0",
    "DEBUG": "0",
    "DEMO": "0",
}


def python(folder, *arguments, **changes):
    """Run Python in a process of its own, with nothing in its environment but what is named."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LOCAL_DIR": str(folder), **SAFE, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def start(folder, **changes):
    """Read the settings; return the exit status and the last line."""
    done = python(folder, "-c", "import config.settings", **changes)
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


def test_a_safe_configuration_starts(tmp_path):
    assert start(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"DEMO": "1"}, "DEMO=1"),
        ({"DEBUG": "1"}, "DEBUG=1"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY"),
        ({"DATABASE_URL": "postgresql://ressursnett:Postgres@db/x"}, "password"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ],
)
def test_an_unsafe_public_configuration_is_refused(tmp_path, changes, word):
    status, sentence = start(tmp_path, **changes)

    assert status != 0
    assert word in sentence


@pytest.mark.parametrize("variable", ["DEMO", "DEBUG"])
def test_the_same_is_allowed_on_ones_own_machine(tmp_path, variable):
    assert start(tmp_path, SITE_URL="http://localhost:8000", **{variable: "1"}) == (0, "")


def test_a_public_site_answers_to_its_own_name(tmp_path):
    done = python(tmp_path, "-c", "from config import settings; print(settings.ALLOWED_HOSTS)")

    assert done.stdout.strip() == "['ressursnett.example', 'localhost', '127.0.0.1']"


def test_the_deployment_checks_are_clean(tmp_path):
    done = python(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.stderr == ""
    assert done.returncode == 0
