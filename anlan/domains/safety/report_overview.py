"""Safety reports on the workbench: one tap for schools, today's figures for the bureau, the analysis page."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from anlan.domains.safety.report_registers import SafetyReports
from anlan.domains.safety.reports import DUTY, SafetyReport
from anlan.engines.analytics.api import Analysis, Card, Figure, Panel, declare_analysis
from anlan.engines.org.api import may, scope
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock
from anlan.shell.parts import Action, Item

REPORTS = ledgers[SafetyReports.code]
Verdict = SafetyReport.Verdict
VIEW = REPORTS.permission("view")


def open_reports(user: Any) -> Any:
    """What the person's own school still has to report, the nearest deadline first."""
    found = scope(user, DUTY)
    rows = SafetyReport.objects.unscoped().filter(
        found.condition(), state__in=("pending", "doing"), archived_at=None
    )
    return rows.select_related("org", "round__plan").order_by("due_at")


def actions(user: Any) -> list[Action]:
    """Report from the home page: one tap and the confirmation. A school with two rounds sees the nearest."""
    if not may(user, DUTY):
        return []
    report = open_reports(user).first()
    if report is None:
        return []
    several = f"（{report.org}）" if len(scope(user, DUTY).paths) > 1 else ""
    post = f"{report.get_absolute_url()}act/safe"
    ask, effect = f"{report}：{report.org}报平安", "今天一切正常，没有突发事件。有情况请从待办里报突发事件"
    return [
        Action(f"报平安{several}", kind="primary", icon="shield-check", post=post, confirm=ask, effect=effect)
    ]


def panel(request: HttpRequest) -> Panel | None:
    """Today's reports by result, each number with its list; for those above the schools."""
    user: Any = request.user
    if not may(user, VIEW) or may(user, DUTY):
        return None
    rows = SafetyReport.objects.visible(user, VIEW).filter(round__opens_on=clock.today(), archived_at=None)
    rounds = list(rows.order_by().values_list("round", flat=True).distinct())
    if not rounds:
        return None
    said = dict(rows.order_by().values_list("verdict").annotate(n=Count("pk")))
    query = "&".join(f"round={pk}" for pk in rounds)
    items = [
        Item(
            str(kind.label),
            f"{REPORTS.url}?{query}&verdict={kind.value}",
            "",
            f"{said.get(kind.value, 0):,} 校",
        )
        for kind in Verdict
        if said.get(kind.value) or kind in (Verdict.SAFE, Verdict.INCIDENT)
    ]
    return Panel("今天的安全报告", items, link=f"{REPORTS.url}?{query}")


declare_analysis(
    Analysis(
        "safety.reports",
        "安全报告统计",
        VIEW,
        (Card("按结果", Figure("安全报告", REPORTS, unit="份"), "verdict"),),
        (
            Figure("应报", REPORTS, unit="份"),
            Figure("已确认平安", REPORTS, "verdict=safe", "份"),
            Figure("默认平安", REPORTS, "verdict=default", "份"),
            Figure("突发事件", REPORTS, "verdict=incident", "份"),
        ),
        period="due_at",
        area="safety",
    )
)
