"""Fire safety of schools in figures, with limits that warn (D14.7)."""

from anlan.base.unit_figures import Column, Limit, Ratio, UnitFigures, declare_unit_figures
from anlan.base.unit_warnings import warned_by
from anlan.domains.fire.devices import Devices
from anlan.domains.fire.drills import Drills
from anlan.domains.fire.duties import Duties
from anlan.domains.fire.round_registers import Walks

HAZARDS = "safety.hazards"

FIGURES = declare_unit_figures(
    UnitFigures(
        "fire.figures",
        "消防统计预警",
        (
            Column("all", "消防器材", Devices.code),
            Column("used", "在用器材", Devices.code, "used=1"),
            Column("fine", "完好器材", Devices.code, "fine=1"),
            Column("over", "过期器材", Devices.code, "over=1", late=True),
            Column("due", "应巡查", Walks.code, "due=1", moment="day"),
            Column("walked", "已巡查", Walks.code, "result=done", moment="day"),
            Column("hazards", "未销号消防隐患", HAZARDS, "fire=1&open=1", late=True),
            Column("drills", "演练", Drills.code, "state=held", moment="held_on"),
            Column("papers", "上岗证", Duties.code),
            Column("valid", "有效上岗证", Duties.code, "in_force=1"),
        ),
        (
            Ratio("fine", "器材完好率", "fine", "used"),
            Ratio("walked", "巡查完成率", "walked", "due"),
            Ratio("valid", "持证有效率", "valid", "papers"),
        ),
        warned=warned_by(
            Devices.code, {"over": "已过检修或报废日期", "unlooked": "检查超期", "failed": "不合格待修复"}
        ),
        limits=(
            Limit("fine", 95),
            Limit("walked", 90),
            Limit("valid", 100),
            Limit("over", 0, low=False),
            Limit("hazards", 5, low=False),
        ),
        order=252,
    )
)
