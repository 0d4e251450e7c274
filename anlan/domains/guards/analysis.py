"""Guards by company, post and unit; staffing; warnings, each leading to its list (D15.7)."""

from anlan.domains.guards.registers import Contracts, Guards
from anlan.domains.guards.strength import Strength
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.registry.api import ledgers

GUARDS, SCHOOLS, CONTRACTS = ledgers[Guards.code], ledgers[Strength.code], ledgers[Contracts.code]
HERE = Figure("在岗保安", GUARDS, "here=1", "人")

declare_analysis(
    Analysis(
        "guards.strength",
        "保安统计预警",
        GUARDS.permission("view"),
        (
            Card("各机构在岗保安", HERE, "body", most=10),
            Card("各岗位在岗保安", HERE, "post"),
            Card("各单位有问题的保安", Figure("有问题的保安", GUARDS, "flawed=1", "人"), "org", most=10),
            Card("各类学校配备不足", Figure("配备不足", SCHOOLS, "short=1", "所"), "kind"),
        ),
        (
            HERE,
            Figure("配备不足的学校", SCHOOLS, "short=1", "所"),
            Figure("无法核算的学校", SCHOOLS, "unknown=1", "所"),
            Figure("没有保安员证", GUARDS, "uncertified=1", "人"),
            Figure("没有背景审查", GUARDS, "unchecked=1", "人"),
            Figure("超龄", GUARDS, "old=1", "人"),
            Figure("本月到岗", GUARDS, "joined=1", "人"),
            Figure("本月离岗", GUARDS, "left=1", "人"),
            Figure("合同即将到期", CONTRACTS, "validity=expiring", "份"),
            Figure("在岗少于约定", CONTRACTS, "short=1", "份"),
        ),
        area="upkeep",
        order=650,
    )
)
