import datetime as dt
import importlib

import pytest
from django.apps import apps

from network.models import Municipality

migration = importlib.import_module("network.migrations.0003_load_municipalities")


def test_the_municipalities_of_2024_are_in_the_portal():
    municipalities = Municipality.objects.filter(parent=None)

    assert municipalities.count() == 357
    assert municipalities.values("number").distinct().count() == 357
    assert {row.starts_on for row in municipalities} == {dt.date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("number", "sami_name"),
    [("5610", "Kárášjohka"), ("5041", "Snåase"), ("1875", "Hábmer"), ("0301", "")],
)
def test_a_municipality_has_its_sami_name(number, sami_name):
    assert Municipality.objects.get(number=number).sami_name == sami_name


def test_the_city_districts_stand_under_oslo():
    districts = Municipality.objects.get(number="0301").districts.values_list("name", flat=True)

    assert list(districts) == ["Alna", "Grorud", "Stovner"]


def test_an_unknown_written_form_is_neutral():
    forms = Municipality.objects.order_by().values_list("written_form", flat=True).distinct()

    assert list(forms) == [Municipality.WrittenForm.NEUTRAL]


def test_loading_again_changes_nothing_and_overwrites_nobodys_work():
    Municipality.objects.filter(number="4601").update(written_form="nb")
    before = list(Municipality.objects.values())

    migration.load(apps, None)

    assert list(Municipality.objects.values()) == before
