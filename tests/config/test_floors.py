"""No package is older than the version that mended what pyproject.toml says of it."""

import json
import tomllib
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ressursnett"]["floors"]
LOCKED = {
    package["name"]: package["version"]
    for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    if "version" in package
}
NPM = {
    name.removeprefix("node_modules/"): package["version"]
    for name, package in json.loads((ROOT / "package-lock.json").read_text())["packages"].items()
    if name
}


@pytest.mark.parametrize("name", FLOORS["python"])
def test_python_package_stands_above_its_floor(name):
    floor = Version(FLOORS["python"][name]["at_least"])

    assert Version(LOCKED[name]) >= floor
    assert Version(installed_version(name)) >= floor


@pytest.mark.parametrize("name", FLOORS["npm"])
def test_npm_package_stands_above_its_floor(name):
    assert Version(NPM[name]) >= Version(FLOORS["npm"][name]["at_least"])


def test_every_floor_has_its_reason():
    floors = [*FLOORS["python"].values(), *FLOORS["npm"].values()]

    assert [floor for floor in floors if not floor["because"].endswith(".")] == []


def test_npm_packages_are_pinned_and_signed():
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, package in lock.items() if name and "integrity" not in package] == []
