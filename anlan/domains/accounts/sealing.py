"""A closed school year takes no change, whichever way it comes; closing and changing exclude each other (S06.6)."""

from datetime import date
from typing import Any

from django.db.models import Q

from anlan.domains.accounts.closings import SHUT, Closing, said_of, shut, waiting_in
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.freezing import frozen_of, words_of
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, Changing, Written, change
from anlan.engines.files.api import Attachment
from anlan.engines.org.api import OrgUnit
from anlan.kernel import events
from anlan.kernel.errors import Conflict
from anlan.kernel.school_years import school_year

KEPT = {"accounts.item": Item, "accounts.exemption": Exemption, "accounts.section": Section}


def years_of(record: Any, before: dict[str, Any]) -> set[str]:
    """The school years a piece of a school's ledgers belongs to, now and before a change."""
    if isinstance(record, Item):
        days = {record.day, before.get("day")}
        return {school_year(day) for day in days if isinstance(day, date)}
    return {year for year in (record.year, before.get("year")) if year}


def refuse_shut(record: Any, before: dict[str, Any]) -> None:
    """Conflict where one of its years is closed."""
    for year in years_of(record, before):
        if shut(record.org_id, year).exists():
            raise Conflict(said_of(year))


@events.on(Changing)
def before_change(event: Changing) -> None:
    """Handler: material, requests and their files stay as they were in a closed year; so do own entries."""
    record: Any = event.record
    if isinstance(record, Attachment):
        model = KEPT.get(record.model)
        record = model.objects.unscoped().filter(pk=record.object_id).first() if model else None
    if isinstance(record, (Item, Exemption)):
        refuse_shut(record, {})
    elif isinstance(record, Section) and event.action != "end":
        _refuse_entry(record)


def _refuse_entry(section: Section) -> None:
    """An entry that stood in a closed year of its school, other than that it ends later."""
    standing = Q(year__gte=section.since) & (Q(year__lte=section.until) if section.until else Q())
    closed = Closing.objects.unscoped().filter(standing, org=section.org_id, state__in=SHUT)
    if (year := closed.values_list("year", flat=True).first()) is not None:
        raise Conflict(said_of(year))


@events.on(Written)
def after_writing(event: Written) -> None:
    """Handler, in the transaction of the write: nothing new gets into a year that is closed at this moment."""
    if isinstance(event.record, (Item, Exemption)):
        _one_at_a_time(event.record.org_id)
        refuse_shut(event.record, event.before)
    elif isinstance(event.record, Closing) and event.action == "move:close":
        _freeze(event.record)


def _one_at_a_time(unit: int) -> None:
    """Closing a year and writing into it wait for each other."""
    OrgUnit.objects.select_for_update(no_key=True).filter(pk=unit).values("pk").get()


def _freeze(closing: Closing) -> None:
    _one_at_a_time(closing.org_id)
    if waiting := waiting_in(closing.org_id, closing.year):
        raise Conflict(f"还有 {waiting} 件材料或申请没有办完（退回补充、待确认），办完再归档")
    percent, sections = frozen_of(closing.org, closing.year)
    rows = sum(len(section["rows"]) for section in sections)
    said = {"percent": percent, "rows": rows, "frozen": sections, "words": words_of(sections)}
    change(SYSTEM, closing, said, action="freeze")
