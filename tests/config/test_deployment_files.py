"""The files that describe an installation name the variables that exist, and no others."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}


def read(*paths):
    return "\n".join((ROOT / path).read_text() for path in paths)


def read_by_settings():
    return set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']""", read("config/settings.py")))


def read_by_processes():
    """Return what script/run reads, apart from the variables of every shell."""
    return set(re.findall(r"\$\{([A-Z_]+):-", read("script/run"))) - {"TMPDIR", "PORT"}


def test_the_example_names_every_variable_and_no_other():
    named = re.findall(r"^(?:# )?([A-Z_]+)=", read(".env.example"), re.MULTILINE)

    assert sorted(named) == sorted(read_by_settings() | read_by_processes() | COMPOSE_ONLY)


def test_compose_and_image_set_only_variables_that_are_read():
    compose = read("docker-compose.yml")
    portal = compose.partition("services:")[0]
    set_by_compose = set(re.findall(r"^    ([A-Z_]+):", portal, re.MULTILINE))
    given = set(re.findall(r"\$\{([A-Z_]+)", compose))
    set_by_image = set(re.findall(r"\b([A-Z_]+)=", read("Dockerfile").rpartition("ENV ")[2]))
    of_python = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}

    known = read_by_settings() | read_by_processes()
    assert set_by_compose - known == set()
    assert given - known == COMPOSE_ONLY
    assert set_by_image - known == of_python


def test_compose_and_image_start_the_processes_by_script_run():
    commands = re.findall(r"script/run (\w+)", read("docker-compose.yml"))
    (by_default,) = re.findall(r'CMD \["script/run", "(\w+)"\]', read("Dockerfile"))

    assert commands == ["web", "worker", "beat"]
    assert by_default == "web"


def test_no_file_of_an_installation_holds_a_secret():
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))

    assert example["SECRET_KEY"] == ""
    assert example["POSTGRES_PASSWORD"] == ""
    assert (
        re.findall(r"(?i)(?:password|secret)\w*[:=] *[\w-]{6,}", read("docker-compose.yml")) == []
    )
