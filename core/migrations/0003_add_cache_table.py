"""The cache lives in a table, which Django's `createcachetable` makes from the settings."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_add_worker_marks")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
