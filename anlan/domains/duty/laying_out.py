"""Rosters of a period and the shifts they must man; drafts follow the calendar, rosters that are out do not (S04.1)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from anlan.base.calendar import CalendarSpan
from anlan.base.rostering import Shift, schemes
from anlan.domains.duty.day_calendar import SCHOOL
from anlan.domains.duty.periods import DayChange, Demand, Period
from anlan.domains.duty.rosters import DRAFT, Roster, Turn, Watch
from anlan.engines.audit.api import SYSTEM, Actor, Written, archive, change, create_all
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.tasks.api import day_end
from anlan.kernel import clock, events

NUMBERS = ("begins_at", "ends_at", "leaders", "members", "reports")


@transaction.atomic
def announce(actor: Actor, period: Period, units: Iterable[OrgUnit] | None = None) -> list[Roster]:
    """A draft roster for every school below that has none yet for these days, on the desks of those who draw it up."""
    period = Period.unguarded.select_for_update().select_related("org").get(pk=period.pk)
    below = OrgUnit.objects.filter(path__startswith=period.org.path, kind=Kind.SCHOOL, closed_on=None)
    taken = Roster.objects.unscoped().filter(scheme=SCHOOL, archived_at=None)
    known = set(taken.filter(first__lte=period.last, last__gte=period.first).values_list("org", flat=True))
    due = day_end(period.report_by)
    rows = [
        Roster(
            org=unit, period=period, title=f"{period.name}值班表", first=period.first, last=period.last,
            due_at=due, report_by=due, state=DRAFT,
        )
        for unit in (below if units is None else units)
        if unit.pk not in known
    ]  # fmt: skip
    lay_out(actor, create_all(actor, rows, action="create"))
    return rows


def lay_out(actor: Actor, rosters: Sequence[Roster]) -> list[Watch]:
    """Bring the shifts of these drafts in line with what their scheme asks for; returns the new ones."""
    fresh: list[Watch] = []
    groups: dict[tuple[Any, ...], list[Roster]] = defaultdict(list)
    for roster in rosters:
        groups[roster.scheme, roster.first, roster.last].append(roster)
    for (scheme, first, last), same in groups.items():
        wanted = schemes[scheme].shifts([roster.org for roster in same], first, last)
        there: dict[int, dict[Any, Watch]] = defaultdict(dict)
        for watch in Watch.objects.unscoped().filter(roster__in=same, archived_at=None):
            there[watch.roster_id][watch.key] = watch
        for roster in same:
            fresh += _settle(actor, roster, wanted.get(roster.org_id, []), there[roster.pk])
    return create_all(actor, fresh, action="lay_out")


def _settle(actor: Actor, roster: Roster, wanted: list[Shift], there: dict[Any, Watch]) -> list[Watch]:
    """Amend and take away what stands; the shifts still to be made."""
    fresh = []
    for shift in wanted:
        watch = there.pop(shift.key, None)
        values = {name: getattr(shift, name) for name in NUMBERS}
        if watch is None:
            fresh.append(
                Watch(
                    org=roster.org, roster=roster, day=shift.day, name=shift.name, place=shift.place, **values
                )
            )
        elif any(getattr(watch, name) != value for name, value in values.items()):
            _amend(actor, watch, values)
    for surplus in there.values():
        for turn in _turns(surplus):
            archive(actor, turn, action="lay_out")
        archive(actor, surplus, action="lay_out")
    return fresh


def _amend(actor: Actor, watch: Watch, values: dict[str, Any]) -> None:
    change(actor, watch, values, action="lay_out")
    times = {name: values[name] for name in ("begins_at", "ends_at")}
    for turn in _turns(watch):
        change(actor, turn, times, action="lay_out")


def _turns(watch: Watch) -> Any:
    return (
        Turn.objects.unscoped().filter(watch=watch, archived_at=None).select_related("watch", "person", "org")
    )


def missing_shifts(roster: Roster) -> list[Shift]:
    """Shifts that the calendar asks for now and the roster does not have."""
    wanted = schemes[roster.scheme].shifts([roster.org], roster.first, roster.last).get(roster.org_id, [])
    known = {watch.key for watch in Watch.objects.unscoped().filter(roster=roster, archived_at=None)}
    return [shift for shift in wanted if shift.key not in known]


@events.on(Written)
def follow_calendar(event: Written) -> None:
    """Drafts below the unit whose calendar changed follow at once; what is out keeps its shifts."""
    said = event.record
    if not isinstance(said, Period | Demand | DayChange | CalendarSpan):
        return
    drafts = Roster.objects.unscoped().filter(state=DRAFT, archived_at=None, last__gte=clock.today())
    drafts = drafts.filter(org__path__startswith=said.org.path).select_related("org", "period__org")
    if isinstance(said, Period):
        _follow_period(drafts.filter(period=said), said)
    lay_out(SYSTEM, list(drafts))


def _follow_period(drafts: Any, period: Period) -> None:
    due = day_end(period.report_by)
    values = {"first": period.first, "last": period.last, "report_by": due, "due_at": due}
    for roster in drafts:
        change(SYSTEM, roster, values, action="lay_out")
