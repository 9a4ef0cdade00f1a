import shutil
import subprocess
import sys
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.core.management.utils import find_command

CODE = [
    "config",
    "overview",
    "newsletters",
    "reporting",
    "meetings",
    "members",
    "network",
    "accounts",
    "core",
    "templates",
    "locale",
]


def entries(catalogue, *options):
    """Return the entries that msgattrib picks from a catalogue, without its header."""
    command = [find_command("msgattrib") or "msgattrib", "--no-obsolete", *options, str(catalogue)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        entry for entry in found.split("\n\n") if 'msgid ""\nmsgstr ""\n"' not in entry and entry
    ]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """A copy of the code with its catalogues brought up to date by makemessages."""
    tree = tmp_path_factory.mktemp("tree")
    for name in CODE:
        if (folder := settings.BASE_DIR / name).exists():
            shutil.copytree(folder, tree / name)
    for name in ("manage.py", "package.json"):
        shutil.copy(settings.BASE_DIR / name, tree / name)
    command = [sys.executable, "manage.py", "makemessages", "-l", "nb", "-l", "nn", "--no-wrap"]
    subprocess.run([*command, "--no-location"], cwd=tree, check=True, capture_output=True)
    return tree / "locale"


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("flaw", ["--untranslated", "--only-fuzzy"])
def test_every_string_is_translated(gathered, language, flaw):
    catalogue = gathered / language / "LC_MESSAGES/django.po"

    assert entries(catalogue, flaw) == []


def test_the_login_library_is_translated_to_nynorsk():
    library = Path(allauth.__file__).parent / "locale/nb/LC_MESSAGES/django.po"
    ours = settings.BASE_DIR / "locale/libraries/nn/LC_MESSAGES/django.po"

    def msgids(catalogue):
        found = entries(catalogue, "--translated", "--no-location", "--no-wrap")
        return {entry[entry.index("msgid") : entry.index("\nmsgstr")] for entry in found}

    assert msgids(library) - msgids(ours) == set()
