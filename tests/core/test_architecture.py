"""What a linter cannot see: the house rules, asked of the code itself."""

import ast
import re
from importlib import import_module
from io import StringIO
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template

from core.models import ScopedQuerySet
from core.views import ScopedMixin
from tests.access import OWN_ACCOUNT, PUBLIC, every_url

BASE = Path(__file__).resolve().parents[2]
APPS = {
    "config",
    "overview",
    "newsletters",
    "reporting",
    "meetings",
    "members",
    "network",
    "accounts",
    "core",
}

# Tables without a person's or a unit's scope, and why nobody asks `visible_to` of them.
UNSCOPED = {
    "core.heartbeat": "The machine's own pulse.",
}
# Tables whose changes no history records, and why.
UNTRACKED = {
    "core.heartbeat": "The machine's own pulse.",
    "core.job": "Progress of work; what the work changes is recorded.",
    "core.logentry": "Is the log.",
    "core.outgoingmail": "Is its own record, from decision to delivery.",
    "members.rosterimportrow": "A row on its way in; what it becomes is recorded.",
}
# Functions beside the actions that are steps of one, or a job that calls them: those sign.
STEPS = {
    "contextmanager",
    "wipe",
    "keep_reading",
    "keep_comparison",
    "lock_areas",
    "persons_of",
    "jobs.register(KIND)",
}
# Views that ask for a login and nothing more, and why.
UNSCOPED_VIEWS: dict[str, str] = {}


def of_ours(module):
    return module.split(".")[0] in APPS


def our_models():
    return [
        model
        for model in apps.get_models()
        if of_ours(model.__module__) and not issubclass(model, pghistory.models.Event)
    ]


def our_files(pattern="**/*.py"):
    return [
        path
        for app in sorted(APPS)
        for path in sorted((BASE / app).glob(pattern))
        if "migrations" not in path.parts
    ]


def our_templates():
    return sorted(
        str(path.relative_to(BASE / "templates"))
        for path in (BASE / "templates").rglob("*")
        if path.suffix in {".html", ".txt"}
    )


def layer_of(path):
    """Return `actions` for `network/actions.py` and for `network/actions/units.py`."""
    return path.relative_to(BASE).parts[1].removesuffix(".py")


def named(path):
    return str(path.relative_to(BASE))


# -- Views ------------------------------------------------------------------------------------


def our_views():
    return [
        (name, pattern.callback)
        for name, pattern in every_url()
        if hasattr(pattern.callback, "view_class")
        and of_ours(pattern.callback.view_class.__module__)
    ]


@pytest.mark.parametrize(("name", "view"), our_views())
def test_every_view_is_scoped_or_on_the_reviewed_list(name, view):
    if name in PUBLIC or name in OWN_ACCOUNT or name in UNSCOPED_VIEWS:
        return

    assert getattr(view, "login_required", True)
    assert issubclass(view.view_class, ScopedMixin)
    assert view.view_class.permission_required


@pytest.mark.parametrize(("name", "view"), our_views())
def test_only_reviewed_views_are_open_to_everybody(name, view):
    assert getattr(view, "login_required", True) or name in PUBLIC


@pytest.mark.parametrize(("name", "view"), our_views())
def test_no_view_creates_an_object_without_being_asked_for_the_right(name, view):
    """A CreateView has `get_object` and never calls it: nobody would ask for the permission."""
    assert "CreateView" not in [cls.__name__ for cls in view.view_class.__mro__]


def test_every_view_class_has_one_address():
    seen = [
        view.view_class
        for name, view in our_views()
        if view.view_initkwargs == {} and name.split(":")[0] in APPS
    ]

    assert sorted(cls.__qualname__ for cls in seen if seen.count(cls) > 1) == []


def test_every_permission_a_view_asks_for_exists():
    rules = import_module("rules.permissions").permissions
    asked = {
        view.view_class.permission_required
        for _name, view in our_views()
        if issubclass(view.view_class, ScopedMixin)
    }

    assert sorted(asked - set(rules)) == []


# -- Actions ----------------------------------------------------------------------------------


def functions_of(layer):
    """Return the public functions of a layer with their file, found by reading the code."""
    return [
        (named(path), node)
        for path in our_files()
        if path.parent != BASE / "core" and layer_of(path) == layer
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def verbs():
    return {
        ast.literal_eval(decorator.args[0])
        for _path, function in functions_of("actions")
        for decorator in function.decorator_list
        if ast.unparse(decorator).startswith("action(")
    }


@pytest.mark.parametrize(("path", "function"), functions_of("actions"))
def test_every_action_is_atomic_named_and_signed(path, function):
    if STEPS & {function.name, *map(ast.unparse, function.decorator_list)}:
        return
    (decorator,) = [one for one in function.decorator_list if "action(" in ast.unparse(one)]
    verb = ast.literal_eval(decorator.args[0])

    assert re.fullmatch(rf"{path.split('/')[0]}\.[a-z_]+\.[a-z_]+", verb)
    assert "by" in [argument.arg for argument in function.args.kwonlyargs]
    assert function.returns is not None


# -- Models -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label_lower)
def test_every_model_is_scoped_or_excused(model):
    if model._meta.label_lower in UNSCOPED:
        return
    rows = type(model._default_manager.all())

    assert issubclass(rows, ScopedQuerySet)
    assert rows.visible_to is not ScopedQuerySet.visible_to


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label_lower)
def test_every_model_has_a_history_or_is_excused(model):
    if model._meta.label_lower in UNTRACKED:
        return
    tracked = {event.pgh_tracked_model for event in pghistory_events()}

    assert model._meta.concrete_model in tracked


def pghistory_events():
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label_lower)
def test_every_model_says_which_personal_data_it_holds(model):
    assert re.search(r"[Pp]ersonal data", model.__doc__)


FORBIDDEN_FIELD = re.compile(
    r"patient|diagnos|fodsel|birth|born|national_id|personnummer|ssn|gender|sex$|kjonn|"
    r"home_address|street|postal|private_|religio|ethnic|next_of_kin",
)


def test_no_field_could_hold_what_the_portal_must_not_know():
    """No patient data, national id, birth date, private address or gender (PV-01)."""
    found = [
        f"{model._meta.label_lower}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if FORBIDDEN_FIELD.search(field.name)
    ]

    assert found == []


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_every_migration_has_a_telling_name():
    names = [path.stem for app in APPS for path in (BASE / app).glob("migrations/0*.py")]

    assert sorted(name for name in names if "auto_" in name) == []


# -- Imports ----------------------------------------------------------------------------------

BUSINESS = {"models", "rules", "queries", "actions", "tasks", "emails", "pdf"}
PRIVATE = {"forms", "views", "tables", "tasks", "emails", "filters", "exports", "imports", "pdf"}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", our_files(), ids=named)
def test_business_knows_nothing_of_http(path):
    if path.parent == BASE / path.parts[-2] and path.parts[-2] in {"core", "config"}:
        return
    if layer_of(path) not in BUSINESS:
        return
    http = ("django.http", "django.shortcuts", "django.contrib.messages", "django.views")

    assert [name for name in imports_of(path) if name.startswith(http)] == []


@pytest.mark.parametrize("path", our_files(), ids=named)
def test_no_app_uses_the_private_parts_of_another(path):
    own = path.relative_to(BASE).parts[0]
    if own == "config":
        return
    foreign = [
        name
        for name in imports_of(path)
        if of_ours(name)
        and name.split(".")[0] not in {own, "core"}
        and PRIVATE & set(name.split(".")[1:2])
    ]

    assert foreign == []


# -- Templates --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", our_templates())
def test_every_template_compiles(name):
    assert get_template(name)


# Mail readers know no style sheet, and plain text has nothing to escape.
ON_PAPER_AND_IN_MAILS = {"emails", "pdf"}


@pytest.mark.parametrize("name", our_templates())
def test_no_template_holds_inline_style_script_or_handler(name):
    text = (BASE / "templates" / name).read_text(encoding="utf-8")
    inline = re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']", text)
    if name.split("/")[0] in ON_PAPER_AND_IN_MAILS:
        return

    assert inline == []


@pytest.mark.parametrize("name", our_templates())
def test_every_blocktranslate_is_trimmed_and_nothing_is_marked_safe(name):
    text = (BASE / "templates" / name).read_text(encoding="utf-8")
    opened = re.findall(r"{% blocktrans(?:late)?\b[^%]*%}", text)

    assert [tag for tag in opened if " trimmed" not in tag] == []
    assert re.findall(r"\|\s*safe\b|{% trans |{% blocktrans ", text) == []
    assert "autoescape off" not in text or name.endswith(".txt")


def test_html_is_written_in_python_in_one_place_only():
    marked = [
        named(path)
        for path in our_files()
        if re.search(r"\bmark_safe\b", path.read_text(encoding="utf-8"))
    ]

    assert marked == ["core/templatetags/ui.py"]


def test_a_view_names_its_template_after_its_app():
    strays = [
        (name, view.view_class.template_name)
        for name, view in our_views()
        if name.split(":")[0] in APPS
        and getattr(view.view_class, "template_name", None)
        and view.view_class.template_name.split("/")[0]
        not in {name.split(":")[0], "ui", "account", "mfa", "overview"}
    ]

    assert strays == []
