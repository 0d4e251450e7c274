"""What stands in the ledgers of a school at the moment a school year is closed (S06.6).

A frozen ledger is a dictionary: ``title kind period source needed there percent rows``; each row has
``ledger id title material day person state note files`` (uids of attachments), an empty ``ledger`` for material
entered by hand. Everything is as lists show it, personal data masked.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from anlan.domains.accounts.completeness import Degree, Year
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section, of_unit
from anlan.engines.files.api import attachments_of_many
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import MASKED, rows_of_unit
from anlan.kernel import clock

Frozen = dict[str, Any]


def frozen_of(unit: OrgUnit, year: str) -> tuple[int | None, list[Frozen]]:
    """Completeness of the year in percent, and every ledger of it with its rows."""
    standing = Year(unit, year)
    found = [_section(standing, unit, entry) for entry in of_unit(standing.sections, unit)]
    return standing.degree(unit).percent, found


def _section(standing: Year, unit: OrgUnit, entry: Section) -> Frozen:
    degree = Degree(standing.slots_of(unit, entry))
    return {
        "title": entry.title,
        "kind": entry.get_kind_display(),
        "period": entry.get_period_display(),
        "source": entry.source.split(":")[0],
        "needed": degree.needed,
        "there": degree.there,
        "shown": degree.shown,
        "rows": [*_gathered(standing, unit, entry), *_entered(standing, unit, entry)],
    }


def _gathered(standing: Year, unit: OrgUnit, entry: Section) -> Iterator[Frozen]:
    """Rows that arrived by themselves, by day."""
    source = entry.rows_source
    if source is None:
        return
    ledger, head = source.ledger, source.ledger.column_data[0]
    found = rows_of_unit(ledger, unit, source.query(*standing.span)).select_related(*ledger.needs)
    rows = list(found.order_by(source.field, "pk"))
    files = attachments_of_many(rows)
    for row in rows:
        yield {
            "ledger": ledger.code,
            "id": row.pk,
            "title": str(MASKED.plain(head, row) or row.pk),
            "material": "",
            "day": day_of(getattr(row, source.field)).isoformat(),
            "person": "",
            "state": _state(row),
            "note": "",
            "files": [str(one.uid) for one in files.get(row.pk, ())],
        }


def _entered(standing: Year, unit: OrgUnit, entry: Section) -> Iterator[Frozen]:
    """Material entered by hand, by day."""
    found = Item.objects.unscoped().filter(
        org=unit, section=entry, archived_at=None, day__range=standing.span
    )
    rows = list(found.select_related("person", "section").order_by("day", "pk"))
    files = attachments_of_many(rows)
    for row in rows:
        yield {
            "ledger": "",
            "id": row.pk,
            "title": row.title,
            "material": row.stands_for,
            "day": row.day.isoformat(),
            "person": str(row.person or ""),
            "state": _state(row),
            "note": row.note,
            "files": [str(one.uid) for one in files.get(row.pk, ())],
        }


def _state(row: Any) -> str:
    shown = getattr(row, "state_shown", None)
    return shown.title if shown else ""


def day_of(value: Any) -> date:
    """The day of a date or a moment, here."""
    found: date = value.astimezone(clock.zone()).date() if hasattr(value, "hour") else value
    return found


def words_of(sections: list[Frozen]) -> str:
    """The titles of everything that people entered, for the search; those of other ledgers have rules of their own."""
    entered = (row["title"] for one in sections for row in one["rows"] if not row["ledger"])
    return "\n".join([*(one["title"] for one in sections), *entered])
