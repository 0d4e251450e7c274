"""Every school's figures held against their limits: warned of once, cleared when back in range (D14.7)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from anlan.base.figure_limits import FigureAlarm, FigureLimit, limits_at, out_of
from anlan.base.figure_registers import FigureAlarms
from anlan.base.schools import School
from anlan.base.unit_counts import Asked, counts_of
from anlan.base.unit_figures import Limit, UnitFigures, unit_figures
from anlan.engines.analytics.api import Figure, Offer, offer
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from anlan.kernel.numbers import percent_text

declare_event(
    "base.figure_alarm", "overtime", "统计预警：{record}", "{school}{what}，阈值{limit}。", channels="wechat"
)
offer(Offer("base.figure_alarms", (Figure("统计预警", ledgers[FigureAlarms.code], "open=1"),)))


def judge_all() -> dict[str, int]:
    """Hold everything against its limits, for the month so far; how many warnings were raised and cleared."""
    limits = list(FigureLimit.objects.unscoped().filter(archived_at=None).select_related("org"))
    schools = School.objects.unscoped().filter(closed_on=None, archived_at=None).values("org")
    units = list(OrgUnit.objects.filter(pk__in=schools, closed_on=None).order_by("path"))
    roots = list(OrgUnit.objects.filter(parent=None))
    done = {"raised": 0, "cleared": 0}
    for figures in unit_figures:
        for root in roots:
            mine = [unit for unit in units if unit.path.startswith(root.path)]
            for name, number in _judge(figures, root, mine, limits).items():
                done[name] += number
    return done


def _judge(
    figures: UnitFigures, root: OrgUnit, units: list[OrgUnit], limits: list[FigureLimit]
) -> dict[str, int]:
    if not figures.limits and not any(row.measure.startswith(f"{figures.code}:") for row in limits):
        return {}
    today = clock.today()
    asked = Asked(root, None, today.replace(day=1).isoformat(), today.isoformat())
    known = FigureAlarm.objects.unscoped().filter(
        measure__startswith=f"{figures.code}:", cleared_at=None, archived_at=None
    )
    waiting = {(alarm.org_id, alarm.measure): alarm for alarm in known.select_related("org")}
    done = {"raised": 0, "cleared": 0}
    for unit, counts in zip(units, counts_of(figures, asked, units), strict=True):
        for limit, value, shown in _judged(figures, counts, limits_at(unit, figures, limits)):
            alarm = waiting.get((unit.pk, f"{figures.code}:{limit.measure}"))
            wrong = out_of(limit, value)
            if wrong and alarm is None:
                done["raised"] += _raise(figures, unit, limit, shown)
            elif alarm is not None and not wrong:
                done["cleared"] += _clear(alarm)
    return done


def _judged(
    figures: UnitFigures, counts: Mapping[str, int], limits: list[Limit]
) -> Iterator[tuple[Limit, Decimal, str]]:
    """Limits with the value and its words; a school without data is not judged."""
    ratios = {ratio.code: ratio for ratio in figures.ratios}
    for limit in limits:
        if limit.measure in ratios:
            fraction = ratios[limit.measure].of(counts)
            if fraction is not None:
                yield limit, fraction * 100, percent_text(fraction)
        elif counts[figures.columns[0].code]:
            yield limit, Decimal(counts[limit.measure]), f"{counts[limit.measure]:,}"


def _raise(figures: UnitFigures, unit: OrgUnit, limit: Limit, shown: str) -> int:
    words = f"{'低于' if limit.low else '高于'} {limit.at:g}{'%' if _is_rate(figures, limit) else ''}"
    alarm = FigureAlarm(org=unit, measure=f"{figures.code}:{limit.measure}", value=shown, limit=words)
    try:
        with transaction.atomic():
            create(SYSTEM, alarm)
            said = {"school": str(unit), "what": f"{figures.measures[limit.measure]} {shown}", "limit": words}
            people = holders_at([unit], f"{figures.columns[0].ledger}.edit")
            send("base.figure_alarm", people, alarm, key=f"base.figure_alarm:{alarm.pk}", context=said)
    except (Conflict, IntegrityError):  # another worker was first
        return 0
    return 1


def _is_rate(figures: UnitFigures, limit: Limit) -> bool:
    return any(ratio.code == limit.measure for ratio in figures.ratios)


def _clear(alarm: FigureAlarm) -> int:
    try:
        change(SYSTEM, alarm, {"cleared_at": clock.now()}, action="clear")
    except Conflict:
        return 0
    return 1


@background("统计预警")
def judge_daily(job: Job) -> dict[str, Any]:
    """The round of every morning."""
    return judge_all()


declare_periodic("base.figure_alarms", "20 6 * * *", judge_daily)
