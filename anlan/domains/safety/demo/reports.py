"""Daily safety reports of the last month: nearly all confirmed, some by default, a few incidents; today's is open."""

from datetime import datetime, time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety.reports import ReportItem, ReportPlan, ReportRound, SafetyReport
from anlan.engines.audit.api import create_all
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import Stage, Todo, open_todos
from anlan.kernel import clock

ITEMS = ["食品安全", "溺水", "交通事故", "学生伤害", "火灾", "校园欺凌", "设施损坏", "自然灾害", "其他"]
DAYS = 30
Verdict = SafetyReport.Verdict


@demo_step("safety.reports", "安全报告", order=22)
def load_reports(world: World) -> None:
    """One round a school day."""
    county = world.units["county"]
    kinds = [ReportItem(org=county, title=title, order=place * 10) for place, title in enumerate(ITEMS, 1)]
    kinds = create_all(LOADER, kinds, action="load")
    begun = world.today - timedelta(days=DAYS)
    plan = ReportPlan(
        org=county, title="每日安全报告", starts_on=begun, ends_on=world.today + timedelta(days=60), repeat="daily",
        deadline_time=time(17), remind_hours=2, state="active", audience_said={"whole": True},
        created_by=world.accounts["bureau"],
    )  # fmt: skip
    create_all(LOADER, [plan], action="load")
    for back in range(DAYS, -1, -1):
        _round(world, plan, DAYS - back + 1, kinds)


def _round(world: World, plan: ReportPlan, number: int, kinds: list[ReportItem]) -> None:
    day = plan.starts_on + timedelta(days=number - 1)
    due = datetime.combine(day, plan.deadline_time, clock.zone())
    round_ = ReportRound(org=plan.org, plan=plan, number=number, opens_on=day, due_at=due)
    create_all(LOADER, [round_], action="load")
    rows = [_report(world, round_, school.org) for school in world.schools]
    rows = create_all(LOADER, rows, action="load")
    for row in rows:
        if row.verdict == Verdict.INCIDENT:
            row.items.set([world.rng.choice(kinds)])
    open_todos(_todo(row) for row in rows if row.open)


def _report(world: World, round_: ReportRound, unit: OrgUnit) -> SafetyReport:
    """Most confirm in the morning; one in thirty says nothing, one in four hundred has an incident."""
    row = SafetyReport(
        org=unit, round=round_, due_at=round_.due_at, created_at=round_.due_at - timedelta(hours=10)
    )
    chance, today = world.rng.random(), round_.opens_on == world.today
    if today and (chance > 0.7 or world.accounts["school-safety"].unit == unit):
        return row
    people = [person.account for person in world.staff.get(unit.pk, []) if person.account]
    row.state, row.submitted_at = Stage.COMPLETED, round_.due_at
    if chance < 0.03 and not today:
        row.verdict = Verdict.DEFAULT
        return row
    row.submitted_at = min(round_.due_at - timedelta(minutes=world.rng.uniform(5, 570)), clock.now())
    row.submitted_by = people[0] if people else None
    row.verdict = Verdict.INCIDENT if chance > 0.9975 else Verdict.SAFE
    if row.verdict == Verdict.INCIDENT:
        row.text, row.emergency = "已到场处置，人员平稳，情况继续跟进。", world.rng.random() < 0.2
    return row


def _todo(row: SafetyReport) -> Todo:
    return Todo(
        kind=f"{row._meta.label_lower}.do", title=str(row), verb=row.VERB, url=row.get_absolute_url(),
        model=row._meta.label_lower, object_id=row.pk, org=row.org, permission=row.DUTY, due_at=row.due_at,
    )  # fmt: skip
