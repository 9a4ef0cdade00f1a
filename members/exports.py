"""The roster as a table to take along; its headings are words that the import knows again."""

from collections.abc import Iterator
from typing import IO, Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import Concat
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core import audit, exports, jobs
from core.exceptions import Refused
from core.models import Job
from members.models import LeaderAssignment, Membership, Position, Profession
from members.tables import ACCOUNT, INVITED, LOGGED_IN, NOT_INVITED, Roster
from network.models import Unit

KIND = "members.roster.export"
FORMATS = {"xlsx": exports.write_xlsx, "csv": exports.write_csv}
STEP = 2000
ACCOUNT_WORDS = {
    LOGGED_IN: pgettext_lazy("has used her account", "Logged in"),
    INVITED: gettext_lazy("Invited"),
    NOT_INVITED: gettext_lazy("Not invited"),
}


def columns() -> list[tuple[str, exports.Kind]]:
    """Return the headings, in the language of the reader, and the kind of cell under each."""
    headings: list[tuple[Any, exports.Kind]] = [
        (pgettext_lazy("heading of an exported roster", "Family name"), "text"),
        (pgettext_lazy("heading of an exported roster", "Given name"), "text"),
        (pgettext_lazy("heading of an exported roster", "E-mail"), "text"),
        (pgettext_lazy("heading of an exported roster", "Mobile"), "phone"),
        (pgettext_lazy("heading of an exported roster", "Profession"), "text"),
        (pgettext_lazy("heading of an exported roster", "Position"), "text"),
        (pgettext_lazy("heading of an exported roster", "Workplace"), "text"),
        (pgettext_lazy("heading of an exported roster", "Municipality"), "text"),
        (pgettext_lazy("heading of an exported roster", "Network"), "text"),
        (pgettext_lazy("heading of an exported roster", "Local group"), "text"),
        (pgettext_lazy("heading of an exported roster", "Nearest leader"), "text"),
        (pgettext_lazy("heading of an exported roster", "Leader e-mail"), "text"),
        (pgettext_lazy("heading of an exported roster", "Professional lead"), "text"),
        (pgettext_lazy("heading of an exported roster", "Professional lead e-mail"), "text"),
        (pgettext_lazy("heading of an exported roster", "Allotted hours per month"), "number"),
        (pgettext_lazy("heading of an exported roster", "Member since"), "date"),
        (pgettext_lazy("heading of an exported roster", "Member until"), "date"),
        (pgettext_lazy("heading of an exported roster", "Account"), "text"),
        (pgettext_lazy("heading of an exported roster", "Data confirmed"), "date"),
    ]
    return [(str(heading), kind) for heading, kind in headings]


def lines(rows: QuerySet[Membership]) -> Iterator[tuple[Any, ...]]:
    """Yield the memberships of `rows`, in their order, as lines under `columns`.

    They stream from the database; names that many lines share are looked up once.
    """
    units = {unit.pk: unit for unit in Unit.objects.all()}
    professions = {row.pk: row.name for row in Profession.objects.all()}
    positions = {row.pk: row.name for row in Position.objects.all()}
    is_lead = Q(leaders__kind=LeaderAssignment.Kind.PROFESSIONAL_LEAD, leaders__ends_on=None)
    values = (
        rows.with_nearest()  # type: ignore[attr-defined]
        .annotate(lead=FilteredRelation("leaders", condition=is_lead), account=ACCOUNT)
        .values_list(
            "person__family_name",
            "person__given_name",
            "person__email",
            "person__work_phone",
            "profession",
            "position",
            "workplace__name",
            "workplace__municipality__name",
            "unit",
            _name_of("nearest__leader"),
            "nearest__leader__email",
            _name_of("lead__leader"),
            "lead__leader__email",
            "hours_per_month",
            "starts_on",
            "ends_on",
            "account",
            "person__confirmed_on",
        )
    )
    words = {code: str(word) for code, word in ACCOUNT_WORDS.items()}
    for row in values.iterator(chunk_size=STEP):
        unit = units[row[8]]
        network = units.get(unit.parent_id or 0)
        yield (
            *row[:4],
            professions[row[4]],
            positions.get(row[5], ""),
            *row[6:8],
            network.name if network else "",
            unit.name,
            row[9].strip(),
            *row[10:11],
            row[11].strip(),
            *row[12:16],
            words[row[16]],
            row[17],
        )


def _name_of(person: str) -> Concat:
    return Concat(F(f"{person}__given_name"), Value(" "), F(f"{person}__family_name"))


def write(
    rows: QuerySet[Membership], file: IO[bytes], *, suffix: str, by: Any, **asked: Any
) -> int:
    """Write `rows` to `file` in the format of `suffix`, and log it; return how many there were."""
    count = FORMATS[suffix](columns(), lines(rows), file)
    audit.record("members.roster.exported", by=by, rows=count, format=suffix, **asked)
    return count


@jobs.register(KIND)
def export_roster(job: Job) -> None:
    """Write what the filters find now, as far as whoever asked may still have it."""
    if job.by is None or not job.by.has_perm("members.export_roster"):
        raise Refused(_("You may no longer export this roster."))
    query, suffix = job.arguments["query"], job.arguments["suffix"]
    try:
        roster = Roster.managed(QueryDict(query), user=job.by)
    except Http404:
        raise Refused(_("You may no longer export this roster.")) from None
    name = f"{_('roster')}-{timezone.localdate():%Y-%m-%d}.{suffix}"
    with job.result_file(name) as file:
        count = write(roster.rows, file, suffix=suffix, by=job.by, query=query)
    job.result = {
        "message": ngettext(
            "The file holds %(count)s line.", "The file holds %(count)s lines.", count
        )
        % {"count": count}
    }
