"""The whole way of a roster: propose how to read it, compare it, save it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.exceptions import Refused
from members import actions
from members.actions.imports import lock_areas
from members.imports import columns, comparing, reading
from members.imports.catalogue import Catalogue, Groups
from members.imports.columns import Columns
from members.models import Membership, RosterImport, RosterImportRow
from network.models import Unit

Progress = Callable[[int, int], None] | None


def propose(roster: RosterImport) -> dict[str, Any]:
    """Return how the file is read, for the coordinator to correct: headings, fields and samples."""
    content = reading.read(Path(roster.file.path))
    proposed = columns.recognise(content)
    return {
        "sheets": [sheet.as_json() for sheet in proposed],
        "shown": [
            columns.shown(sheet, found)
            for sheet, found in zip(content.sheets, proposed, strict=True)
        ],
        "warnings": content.warnings,
    }


def compare_import(
    roster: RosterImport, *, progress: Progress = None, is_changed_meanwhile: bool = False
) -> dict[str, Any]:
    """Compare the file with the portal and keep the outcome for looking over."""
    rows = compared(roster, progress=progress)
    places = {row.place.key for row in rows if row.entry and row.place and not row.place.pk}
    plan = {
        "counts": comparing.counts(rows),
        "fingerprint": comparing.fingerprint(rows),
        "new_places": len(places),
        "words": comparing.unknown_words(rows),
        "is_changed_meanwhile": is_changed_meanwhile,
    }
    actions.keep_comparison(roster, rows=[kept(row) for row in rows], plan=plan, by=roster.by)
    return plan


def compared(roster: RosterImport, *, progress: Progress = None) -> list[comparing.Row]:
    """Return every row of an import with its outcome, as things stand now."""
    return comparing.compare(
        reading.read(Path(roster.file.path)),
        [Columns(**sheet) for sheet in roster.mapping["sheets"]],
        Catalogue(roster.unit, by=roster.by),
        choices=roster.choices,
        progress=progress,
    )


def kept(row: comparing.Row) -> RosterImportRow:
    """Return the row as the page of review shows it."""
    entry, group = row.entry, row.group
    leader = entry.leaders.get("nearest") if entry else None
    return RosterImportRow(
        sheet=row.sheet,
        number=row.number,
        outcome=row.outcome,
        name=row.name[:200],
        person_id=entry.person.pk if entry and entry.person else None,
        content={
            "email": row.email,
            "title": row.cells.get("profession") or row.cells.get("position") or "",
            "workplace": row.place.name if row.place else row.cells.get("workplace", ""),
            "is_new_place": bool(row.place and row.place.pk is None),
            "group": group.name if group else row.cells.get("unit", ""),
            "leader": f"{leader.contact.given_name} {leader.contact.family_name}" if leader else "",
            "changes": row.changes,
            "notes": row.notes,
            "problems": row.problems,
            "fixes": comparing.fixes(row),
            "is_word": comparing.is_explained(row),
        },
    )


def save_import(roster: RosterImport, *, progress: Progress = None) -> dict[str, Any]:
    """Save what was looked over, all or nothing; a second run does nothing.

    Raises Refused, with nothing saved, when the portal has changed since it was looked over.
    """
    try:
        with transaction.atomic():
            return _save(roster, progress)
    except IntegrityError as error:
        raise Refused(_changed_meanwhile()) from error


def _save(roster: RosterImport, progress: Progress) -> dict[str, Any]:
    roster = RosterImport.objects.select_for_update(of=["self"]).get(pk=roster.pk)
    if roster.state == RosterImport.State.SAVED:
        return dict(roster.plan)
    if roster.state != RosterImport.State.SAVING:
        raise Refused(_("The import has moved on since this page was opened."))
    _lock(roster.unit)
    rows = compared(roster, progress=progress)
    if comparing.fingerprint(rows) != roster.plan["fingerprint"]:
        raise Refused(_changed_meanwhile())
    included = set(roster.rows.to_save().values_list("sheet", "number"))
    entries = [row.entry for row in rows if row.entry and (row.sheet, row.number) in included]
    made = actions.save_roster(entries, on=timezone.localdate(), by=roster.by)
    roster.plan = {**roster.plan, "saved": len(entries), "made": made}
    roster.state, roster.saved_at = RosterImport.State.SAVED, timezone.now()
    roster.save(update_fields=["plan", "state", "saved_at", "updated_at"])
    return dict(roster.plan)


def _changed_meanwhile() -> str:
    return _("Somebody changed the roster meanwhile. Nothing was saved: look it over again.")


def _lock(unit: Unit) -> None:
    """Keep other imports, and edits of these memberships, away until the transaction ends."""
    groups = Groups(unit)
    lock_areas(group.area_id or group.network_id for group in groups.by_pk.values())
    memberships = Membership.objects.filter(unit__in=groups.by_pk).order_by("pk")
    list(memberships.select_for_update(of=["self"]).values_list("pk", flat=True))


# -- Without pages -------------------------------------------------------------------------------


def import_file(path: Path, *, unit: Unit, commit: bool) -> list[comparing.Row]:
    """Compare a file with the portal as it is recognised, and save it when `commit`."""
    content = reading.read(path)
    sheets = columns.recognise(content)
    if not any(sheet.is_used for sheet in sheets):
        raise Refused(_("No row with known headings was found in the file."))
    with transaction.atomic():
        if commit:
            _lock(unit)
        rows = comparing.compare(content, sheets, Catalogue(unit, by=None))
        if commit:
            saved = {RosterImportRow.Outcome.NEW, RosterImportRow.Outcome.CHANGED}
            entries = [row.entry for row in rows if row.entry and row.outcome in saved]
            actions.save_roster(entries, on=timezone.localdate(), by=None)
    return rows
