"""The rectification report of hazards, and the four numbers of the phone (D03.9, D11.8, P.13)."""

from anlan.domains.safety.hazard_registers import Hazards
from anlan.engines.analytics.api import Figure, Grouping, Measure, Sheet, declare_sheet
from anlan.engines.registry.api import ledgers

HAZARDS = ledgers[Hazards.code]


def _in(*states: str) -> str:
    return "&".join(f"state={state}" for state in states)


UNFINISHED = _in("assigned", "fixing", "submitted", "recheck", "returned")
RECTIFIED = _in("rectified", "closed")
REPORT = declare_sheet(
    Sheet(
        "safety.hazard_report",
        "隐患整改报表",
        "safety.hazards.view",
        HAZARDS,
        "found_at",
        (
            Grouping("category", "类别", "category"),
            Grouping("org", "学校", "org"),
            Grouping("town", "镇街", "org__parent", "org"),
            Grouping("source", "来源", "source"),
            Grouping("month", "月份", "month"),
        ),
        (
            Measure("发现"),
            Measure("已确认", f"{UNFINISHED}&{RECTIFIED}"),
            Measure("误报", "state=void"),
            Measure("待核实", "state=reported"),
            Measure("已整改", RECTIFIED),
            Measure("未整改", UNFINISHED),
            Measure("逾期", "overdue=1", late=True),
        ),
        ("整改率", 4, 1),
        (
            Figure("隐患", HAZARDS),
            Figure("待复查", HAZARDS, "state=recheck"),
            Figure("已整改", HAZARDS, RECTIFIED),
            Figure("未整改", HAZARDS, UNFINISHED),
        ),
        area="safety",
    )
)
