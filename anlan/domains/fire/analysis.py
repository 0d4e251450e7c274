"""Fire equipment by kind, state and unit (D14.7)."""

from anlan.domains.fire.devices import Devices
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.registry.api import ledgers

DEVICES = ledgers[Devices.code]
ALL = Figure("消防器材", DEVICES, "", "件")
EXPIRED = Figure("已过检修或报废日期", DEVICES, "over=1", "件")
UNLOOKED = Figure("检查超期", DEVICES, "unlooked=1", "件")

declare_analysis(
    Analysis(
        "fire.devices",
        "消防器材统计",
        DEVICES.permission("view"),
        (
            Card("各类器材", ALL, "kind"),
            Card("各单位过期器材", EXPIRED, "org", most=10),
            Card("各建筑检查超期", UNLOOKED, "building", most=10),
            Card("器材状态", ALL, "state"),
        ),
        (ALL, EXPIRED, UNLOOKED, Figure("即将到期", DEVICES, "validity=expiring", "件")),
        area="upkeep",
        order=250,
    )
)
