"""Duty per person and per school, counted from the rosters as they are after every swap (S04.5)."""

from anlan.domains.duty.roster_registers import Turns
from anlan.engines.analytics.api import Grouping, Measure, Sheet, declare_sheet
from anlan.engines.registry.api import ledgers

OUT = "out=1"
REPORT = declare_sheet(
    Sheet(
        "duty.totals",
        "值班统计",
        "duty.turns.view",
        ledgers[Turns.code],
        "watch__day",
        (
            Grouping("person", "人员", "person"),
            Grouping("org", "学校", "org"),
            Grouping("town", "镇街", "org__parent", "org"),
            Grouping("part", "身份", "part"),
        ),
        (
            Measure("排班", OUT),
            Measure("已到时间", f"{OUT}&begun=1"),
            Measure("已签到", f"{OUT}&begun=1&present=1"),
            Measure("迟到", f"{OUT}&late=1", late=True),
            Measure("未签到", f"{OUT}&missed=1", late=True),
        ),
        ("签到率", 2, 1),
        area="safety",
        group="值班",
        order=424,
    )
)
