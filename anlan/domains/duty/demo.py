"""Duty of the demo county: this week at every school, this month and the holidays of two years at some."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.people import Person
from anlan.domains.duty.checks import Check, Draw
from anlan.domains.duty.day_calendar import SCHOOL
from anlan.domains.duty.defaults import DEFAULTS, lay_down
from anlan.domains.duty.drawing_up import seated
from anlan.domains.duty.laying_out import lay_out
from anlan.domains.duty.logs import LogEntry, times_to_report
from anlan.domains.duty.periods import Period
from anlan.domains.duty.rosters import DRAFT, REPORTED, Roster, Turn, Watch
from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import day_end
from anlan.kernel import clock

SILENT = 13
WEEK = timedelta(days=6)
DEMANDS = [
    ("workday", "夜班", time(17, 30), time(8), 0, "22:00"),
    ("weekend", "全天班", time(8), time(8), 1, "09:00 21:00"),
    *DEFAULTS,
]
HOLIDAYS = [("元旦", 1, 1, 2), ("春节", 2, 10, 7), ("劳动节", 5, 1, 4), ("国庆节", 10, 1, 6)]
LINES = [
    ("round", "巡查教学楼、宿舍、配电室，门窗关好"),
    ("visitor", "家长来访送物品，已登记"),
    ("calm", ""),
    ("round", "夜间巡查校园一圈，正常"),
]


@demo_step("duty.calendar", "值班要求和时段", order=41)
def load_calendar(world: World) -> None:
    """What days ask for; the weeks of this month, and the holidays of two years."""
    county = world.units["county"]
    lay_down(LOADER, county, DEMANDS)
    create_all(LOADER, [*_weeks(county, world.today), *_holidays(county, world.today)])


def _weeks(county: OrgUnit, today: date) -> Iterator[Period]:
    """Monday to Sunday, from the week the month begins in to the next week."""
    first = today.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    while monday <= today + WEEK + timedelta(days=1):
        name = f"{monday:%m月%d日}起一周"
        report_by = monday - timedelta(days=3)
        yield Period(
            org=county, name=name, kind="routine", first=monday, last=monday + WEEK, report_by=report_by
        )
        monday += timedelta(days=7)


def _holidays(county: OrgUnit, today: date) -> Iterator[Period]:
    for year in (today.year - 2, today.year - 1, today.year):
        for name, month, day, length in HOLIDAYS:
            first = date(year, month, day)
            if timedelta(days=40) < today - first < timedelta(days=731):
                last, by = first + timedelta(days=length), first - timedelta(days=7)
                yield Period(
                    org=county, name=f"{year}年{name}", kind="holiday", first=first, last=last, report_by=by
                )


@demo_step("duty.rosters", "值班表、签到和日志", order=42)
def load_rosters(world: World) -> None:
    """Everybody's roster of this week, some unreported; more at the schools people sign in to."""
    this, after = (world.today - timedelta(days=back) for back in (world.today.weekday(), -1))
    some = [world.accounts[f"{name}-head"].unit for name in ("school", "primary", "kinder")]
    units = [school.org for school in world.schools]
    rosters: list[Roster] = []
    for period in Period.objects.unscoped().filter(archived_at=None).order_by("first"):
        everybody = period.kind == "routine" and period.first == this
        before = period.kind == "routine" and period.last == this - timedelta(days=1)
        asked = units if everybody else (units[::6] + some) if before else some
        asked = list(dict.fromkeys(asked)) if period.first <= after else []
        rosters += [_roster(period, unit, everybody and n % SILENT == 5) for n, unit in enumerate(asked)]
    watches = lay_out(LOADER, create_all(LOADER, rosters))
    turns = [turn for turn in _turns(world, watches) if turn.roster.state == REPORTED]
    create_all(LOADER, turns, action="draw")
    _write_logs(world, turns, {unit.pk for unit in some})


def _roster(period: Period, unit: OrgUnit, silent: bool) -> Roster:
    due = day_end(period.report_by)
    return Roster(
        org=unit, scheme=SCHOOL, period=period, title=f"{period.name}值班表", first=period.first,
        last=period.last, report_by=due, due_at=due if silent else None, state=DRAFT if silent else REPORTED,
        reported_at=None if silent else due - timedelta(hours=unit.pk % 40 + 1),
    )  # fmt: skip


def _turns(world: World, watches: Sequence[Watch]) -> Iterator[Turn]:
    """Leaders and staff of each school by turns; who was on duty signed in, a few did not."""
    now = clock.now()
    for number, watch in enumerate(watches):
        staff = world.staff.get(watch.org_id, [])
        if len(staff) < 3:
            continue
        people: list[tuple[str, Person]] = [("member", staff[2 + number % (len(staff) - 2)])]
        people += [("leader", staff[number % 2])] if watch.leaders else []
        for part, person in people:
            turn = seated(watch, part, person)
            if watch.begins_at < now and world.rng.random() > 0.04:
                turn.in_at = watch.begins_at + timedelta(minutes=world.rng.randint(-20, 10))
                turn.in_place = "near"
            elif watch.begins_at < now:
                turn.alerted_at = watch.begins_at + timedelta(minutes=15)
            yield turn


def _write_logs(world: World, turns: Sequence[Turn], shown: set[int]) -> None:
    """A few lines in the shifts of this month at the schools people sign in to."""
    since, now, rows = clock.now() - timedelta(days=30), clock.now(), []
    for turn in turns:
        if turn.org_id not in shown or turn.part == "leader" or not since < turn.begins_at < now:
            continue
        for number, (kind, text) in enumerate(LINES):
            at = turn.begins_at + timedelta(hours=1 + 2 * number, minutes=world.rng.randint(0, 40))
            if at < now and kind != "calm":
                rows.append(
                    LogEntry(
                        org=turn.org, watch=turn.watch, kind=kind, text=text, at=at, created_by=turn.account
                    )
                )
        rows += [_calm(turn, due) for due, _ in times_to_report(turn.watch) if due < now]
    create_all(LOADER, rows)


def _calm(turn: Turn, due: datetime) -> LogEntry:
    at = due + timedelta(minutes=5)
    return LogEntry(org=turn.org, watch=turn.watch, kind="calm", at=at, created_by=turn.account)


@demo_step("duty.checks", "值班抽查", order=43)
def load_checks(world: World) -> None:
    """Draws of the last nights with their results; one could not be reached."""
    county, officer = world.units["county"], world.accounts["bureau"]
    for back in (1, 2):
        at = day_end(world.today - timedelta(days=back)) + timedelta(hours=5)
        draw = create(Actor.person(officer), Draw(org=county, number=5, drawn_at=at, seed=20261100 + back))
        for number, check in enumerate(Check.objects.unscoped().filter(draw=draw).order_by("pk")):
            result = "not_reached" if number == 3 and back == 1 else "reached"
            note = "" if result == "reached" else "值班电话三次无人接听"
            Check.unguarded.filter(pk=check.pk).update(
                result=result, note=note, checked_at=at + timedelta(minutes=4 * number), checked_by=officer
            )
