"""Ledgers of limits and of warnings (D14.7)."""

from django.db.models import Q
from django.utils.html import format_html

from anlan.base.figure_limits import FigureAlarm, FigureLimit
from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.base.unit_figures import UnitFigures, unit_figures
from anlan.engines.registry.api import Ledger, computed, ledger


@ledger
class FigureLimits(Ledger):
    """Limits of districts; where none is set, those declared with the figures count."""

    model = FigureLimit
    title, noun, area, group, order = "统计预警阈值", "条", "upkeep", "预警", 690
    columns = "measure side at org"
    filters, key = "org measure", "org measure"
    example = {"at": 95}
    roles = rights(" ".join(ABOVE), "bureau_safety upper_safety")


@ledger
class FigureAlarms(Ledger):
    """Figures out of range, and when they were back."""

    model = FigureAlarm
    readonly = True
    title, noun, area, group, order = "统计预警", "条", "upkeep", "预警", 680
    columns = "measure org value limit created_at stand"
    facts = "measure org value limit created_at cleared_at way"
    filters, search, sort = "org measure", "org__name", "-created_at"
    marks = {"open": lambda: Q(cleared_at=None), "cleared": lambda: Q(cleared_at__isnull=False)}
    views = {"未解除": "open=1", "已解除": "cleared=1"}
    happenings = {"clear": "恢复正常，预警解除"}
    example = {"value": "80.0%", "limit": "低于 95%"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }

    @computed("状态", "chip")
    def stand(self, row: FigureAlarm) -> tuple[str, str]:
        """Still out of range, or back."""
        return ("done", f"{row.cleared_at:%m-%d} 解除") if row.cleared_at else ("late", "未解除")

    @computed("统计", needs="org")
    def way(self, row: FigureAlarm) -> str:
        """The way to the school's figures and the lists behind them."""
        figures = figures_of(row.measure)
        return format_html('<a href="{}?area={}">查看明细</a>', figures.url, row.org_id) if figures else ""


def figures_of(measure: str) -> UnitFigures | None:
    """The figures a measure belongs to; None for one that is no longer declared."""
    code = measure.partition(":")[0]
    return next((one for one in unit_figures if one.code == code), None)
