"""The municipalities of Norway from 1 January 2024, and the city districts that are members as such."""

import csv
import datetime as dt
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "municipalities.csv"
SINCE = dt.date(2024, 1, 1)
DISTRICTS = {"0301": ("Alna", "Grorud", "Stovner")}


def load(apps, schema_editor):
    """Add what is missing; a row that is already there is somebody's work and stays as it is."""
    Municipality = apps.get_model("network", "Municipality")
    here = set(Municipality.objects.filter(ends_on=None).values_list("number", flat=True))
    with FILE.open(encoding="utf-8", newline="") as file:
        Municipality.objects.bulk_create(
            Municipality(starts_on=SINCE, **row)
            for row in csv.DictReader(file)
            if row["number"] not in here
        )
    for number, names in DISTRICTS.items():
        city = Municipality.objects.get(number=number, ends_on=None)
        for name in names:
            Municipality.objects.get_or_create(
                parent=city,
                name=name,
                ends_on=None,
                defaults={
                    "starts_on": SINCE,
                    "county_number": city.county_number,
                    "county": city.county,
                },
            )


class Migration(migrations.Migration):
    dependencies = [("network", "0002_workplaces_of_regions")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
