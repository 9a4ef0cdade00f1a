"""The units that the two sample rosters belong to."""

import datetime as dt
import importlib
from pathlib import Path

from django.apps import apps

from members.models import Profession
from network.models import Municipality, Unit, UnitArea
from tests.factories import GroupFactory, NetworkFactory, RegionFactory, TrustAreaFactory

SAMPLES = Path(__file__).parent.parent / "samples"
BERGEN = SAMPLES / "roster-bergen.xlsx"
AHUS = SAMPLES / "roster-ahus.csv"

STARTER_PROFESSIONS = "members.migrations.0004_starter_professions"
AHUS_GROUPS = [
    "Øvre Romerike",
    "Nedre Romerike",
    "Kongsvinger",
    "Follo",
    "Bydelene Alna, Stovner og Grorud",
    "Avdelingene inne på Akershus universitetssykehus",
]


def load_starter_data() -> None:
    """Load what the migrations load, where a test before this one has emptied the database."""
    for name in ("network.migrations.0003_load_municipalities", STARTER_PROFESSIONS):
        importlib.import_module(name).load(apps, None)


def bergen() -> Unit:
    """Return a trust area with two networks, as in the workbook."""
    load_starter_data()
    area = TrustAreaFactory(
        name_nb="Helse Bergen",
        slug="helse-bergen",
        parent=RegionFactory(name_nb="Helse Vest", slug="helse-vest"),
    )
    nurses = NetworkFactory(name_nb="Sykepleienettverket", slug="bergen-sykepleie", parent=area)
    for name in ("Bergen 1", "Bergen 2", "Bergen 3", "Nordhordland", "Midthordland", "Voss"):
        GroupFactory(name_nb=name, parent=nurses)
    GroupFactory(name_nb="Bergen Vest", aliases=["Vest"], parent=nurses)
    others = NetworkFactory(
        name_nb="Fysio- og ergoterapinettverket", slug="bergen-fysio", parent=area
    )
    GroupFactory(name_nb="Fysio- og ergoterapi", parent=others)
    nurses.professions.set(Profession.objects.filter(code__in=["nurse", "social-educator"]))
    return area


def ahus() -> Unit:
    """Return a trust area with one network of six groups, and a district they cover."""
    load_starter_data()
    area = TrustAreaFactory(name_nb="Ahus", slug="ahus")
    network = NetworkFactory(name_nb="Ressursnettverket", slug="ahus-nettverk", parent=area)
    groups = {name: GroupFactory(name_nb=name, parent=network) for name in AHUS_GROUPS}
    for district in ("Alna", "Stovner", "Grorud"):
        place, _made = Municipality.objects.get_or_create(
            name=district,
            defaults={
                "parent": Municipality.objects.get(number="0301"),
                "starts_on": dt.date(2020, 1, 1),
            },
        )
        UnitArea.objects.create(unit=groups["Bydelene Alna, Stovner og Grorud"], municipality=place)
    return area
