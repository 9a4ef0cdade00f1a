"""The documents say what the code does."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from rules.permissions import permissions

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_every_permission_stands_in_the_table_of_permissions():
    now, _, _ = (ROOT / "docs/permissions.md").read_text().partition("## Later")
    named = set(re.findall(r"`(\w+\.\w+)`", now.partition("## Now")[2]))

    assert named == set(permissions)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_points_to_exists(document):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_command_of_ours_is_documented():
    text = (ROOT / "docs/operations.md").read_text()
    ours = {config.label for config in apps.get_app_configs() if (ROOT / config.label).is_dir()}
    commands = {name for name, app in get_commands().items() if app in ours}

    assert sorted(name for name in commands if name not in text) == []


def test_every_script_is_documented():
    text = (ROOT / "docs/architecture.md").read_text()
    files = {path.name for path in (ROOT / "script").iterdir() if path.is_file()}
    scripts = {name for name in files - {"common"} if "." not in name}

    assert sorted(name for name in scripts if f"`script/{name}" not in text) == []
