"""The professions and positions that every network starts with; a network adds its own."""

from django.db import migrations

from core.text import fold

PROFESSIONS = [
    (
        "nurse",
        "Sykepleier",
        "Sjukepleiar",
        "Nurse",
        [
            "spl",
            "spl.",
            "sjukepleier",
            "sykepl",
            "offentlig godkjent sykepleier",
            "ressurssykepleier",
        ],
    ),
    (
        "social-educator",
        "Vernepleier",
        "Vernepleiar",
        "Social educator",
        ["vpl", "vpl.", "vernepl"],
    ),
    ("physiotherapist", "Fysioterapeut", "Fysioterapeut", "Physiotherapist", ["fysio", "fys"]),
    ("occupational-therapist", "Ergoterapeut", "Ergoterapeut", "Occupational therapist", ["ergo"]),
    ("social-worker", "Sosionom", "Sosionom", "Social worker", ["sos"]),
    (
        "health-care-worker",
        "Helsefagarbeider",
        "Helsefagarbeidar",
        "Health-care worker",
        ["hfa", "hjelpepleier", "hjelpepleiar", "omsorgsarbeider"],
    ),
    ("physician", "Lege", "Lege", "Physician", ["doktor", "overlege", "fastlege", "lækjar"]),
    ("other", "Annet", "Anna", "Other", ["annen", "andre", "annet yrke"]),
]
POSITIONS = [
    (
        "cancer-coordinator",
        "nurse",
        "Kreftkoordinator",
        "Kreftkoordinator",
        "Cancer coordinator",
        ["kreftkoord", "kreftkoordinator i kommunen"],
    ),
    (
        "cancer-nurse",
        "nurse",
        "Kreftsykepleier",
        "Kreftsjukepleiar",
        "Cancer nurse",
        ["kreftspl", "kreftspl.", "kreftsykepl", "kreftsjukepleier"],
    ),
]


def names(*words):
    return sorted({fold(word) for word in words})


def load(apps, schema_editor):
    """Add what is missing; a word that is already there is somebody's work and stays as it is."""
    Profession = apps.get_model("members", "Profession")
    Position = apps.get_model("members", "Position")
    for at, (code, nb, nn, en, aliases) in enumerate(PROFESSIONS):
        Profession.objects.get_or_create(
            code=code,
            defaults={
                "name": nb,
                "name_nb": nb,
                "name_nn": nn,
                "name_en": en,
                "aliases": aliases,
                "names": names(nb, nn, en, *aliases),
                "position": at,
            },
        )
    for at, (code, profession, nb, nn, en, aliases) in enumerate(POSITIONS):
        Position.objects.get_or_create(
            code=code,
            defaults={
                "profession": Profession.objects.get(code=profession),
                "name": nb,
                "name_nb": nb,
                "name_nn": nn,
                "name_en": en,
                "aliases": aliases,
                "names": names(nb, nn, en, *aliases),
                "position": at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0003_add_import_rows")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
