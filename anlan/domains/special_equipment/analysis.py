"""Special equipment by kind, state, age and unit; rates, and what needs seeing to (D16.6)."""

from datetime import date, timedelta

from anlan.base.unit_figures import Column, Ratio, Split, UnitFigures, declare_unit_figures
from anlan.base.unit_warnings import warned_by
from anlan.domains.special_equipment.devices import CODE
from anlan.domains.special_equipment.mishap_registers import Mishaps
from anlan.domains.special_equipment.operators import Operators
from anlan.engines.tasks.api import months_later
from anlan.kernel import clock

ONE, AGES = timedelta(days=1), ((0, 5), (5, 10), (10, 15), (15, 0))  # whole years from, to; 0: without end
WARNINGS = {
    "expired": "检验超期",
    "unkept": "维保超期",
    "unregistered": "在用未登记",
    "unmanned": "没有持证操作人员",
    "unlooked": "日检查超期",
    "unlooked_on": "周、月检查超期",
    "broken": "故障未修复",
    "troubled": "困人或事故未办结",
}


def _since(years: int) -> date:
    """The day before which something is older than so many years."""
    return months_later(clock.today(), -12 * years)


def age_of(day: date | None) -> tuple[str, str]:
    """Words and query of the span of age in which something put up that day lies."""
    if day is None:
        return "未填安装日期", "undated=1"
    for first, end in AGES:
        if not end:
            return f"{first} 年以上", f"installed_on_to={_since(first).isoformat()}"
        if day > _since(end):
            title = f"{first} 至 {end} 年" if first else f"不满 {end} 年"
            until = f"&installed_on_to={_since(first).isoformat()}" if first else ""
            return title, f"installed_on_from={(_since(end) + ONE).isoformat()}{until}"
    raise AssertionError(day)


FIGURES = declare_unit_figures(
    UnitFigures(
        "special_equipment.figures",
        "特种设备统计预警",
        (
            Column("all", "设备", CODE),
            Column("used", "在用", CODE, "used=1"),
            Column("inspectable", "在用应检", CODE, "inspectable=1"),
            Column("inspected", "检验有效", CODE, "inspected=1"),
            Column("expired", "检验超期", CODE, "expired=1", late=True),
            Column("rhythmic", "在用应维保", CODE, "rhythmic=1"),
            Column("kept", "维保按期", CODE, "kept=1"),
            Column("unkept", "维保超期", CODE, "unkept=1", late=True),
            Column("broken", "故障未修复", CODE, "broken=1", late=True),
            Column("troubled", "困人事故未办结", Mishaps.code, "unsettled=1&grave=1", late=True),
            Column("papers", "人员证过期", Operators.code, "validity=expired", late=True),
        ),
        (
            Ratio("inspected", "检验率", "inspected", "inspectable"),
            Ratio("kept", "维保率", "kept", "rhythmic"),
        ),
        (
            Split("kind", "按种类", "kind"),
            Split("state", "按状态", "state"),
            Split("age", "按年限", "installed_on", age_of),
        ),
        warned_by(CODE, WARNINGS),
        none="无设备",
        order=330,
    )
)
