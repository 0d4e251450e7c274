"""The ledger of safety reports: what each school reported in each round (D07.1, D11.11-D11.13)."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from anlan.domains.safety.incident_hazards import RAISE, HazardForm, hazard_of_report, key_of
from anlan.domains.safety.intake import made_of
from anlan.domains.safety.report_forms import IncidentForm
from anlan.domains.safety.reporting import report_incident, report_safe, start_emergency
from anlan.domains.safety.reports import (
    COMMAND,
    DUTY,
    OPENERS,
    REPORTERS,
    SafetyReport,
)
from anlan.engines.archives.api import not_archived
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import Report, Stage, traces
from anlan.kernel import clock

BUREAU = " ".join(OPENERS)
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = " ".join(REPORTERS)
Verdict = SafetyReport.Verdict
TONES = {"waiting": "todo", "safe": "done", "default": "idle", "incident": "late", "missing": "late"}


def is_open(report: SafetyReport) -> bool:
    """Still to be reported."""
    return report.open


def takes_incident(report: SafetyReport) -> bool:
    """An incident may still be reported."""
    return report.open or report.verdict in (Verdict.SAFE, Verdict.DEFAULT)


def awaits_command(report: SafetyReport) -> bool:
    """An incident without emergency handling."""
    return report.verdict == Verdict.INCIDENT and report.emergency_at is None


def raises_none(report: SafetyReport) -> bool:
    """An incident no hazard was made of."""
    return report.verdict == Verdict.INCIDENT and made_of(key_of(report)) is None


@ledger
class SafetyReports(Ledger):
    """What each school reported in each round."""

    code = "safety.reports"
    model = SafetyReport
    readonly = True
    title, noun, icon = "安全报告", "份", "shield-check"
    area, group, order = "safety", "日常", 30
    columns = "org result day kinds emergency_mark submitted_at late reporter"
    facts = "org result day due_at submitted_at reporter late"
    filters = "org verdict round emergency due_at late"
    search = "org__name text"
    sort = "-due_at"
    files = {"photos": "现场照片"}
    photos = ""
    views = {
        "待报": "verdict=waiting",
        "平安": "verdict=safe",
        "默认平安": "verdict=default",
        "有突发事件": "verdict=incident",
        "未报": "verdict=missing",
    }
    marks = {
        "awaiting": lambda: Q(verdict=Verdict.INCIDENT, emergency=True, emergency_at=None),
        "commanded": lambda: Q(emergency_at__gte=clock.now() - timedelta(days=7)),
    }
    happenings = {
        "task:assign": "下发",
        "task:submit": "上报",
        "task:report_again": "补报",
        "task:settle": "到期未报，视为平安",
        "missing": "到期未报",
        "emergency": "启动应急处置",
        "urge": "催报",
    }
    roles = {"view": f"{WATCHERS} {SCHOOL}", "export": f"{WATCHERS} {SCHOOL}"}

    def refine(self, rows: Any) -> Any:
        """Reports with their kinds of incident at hand."""
        return rows.prefetch_related("items")

    def lede(self, rows: Any, user: Any) -> str:
        """The figures of today's rounds."""
        today = rows.filter(round__opens_on=clock.today(), archived_at=None).order_by()
        said = dict(today.values_list("verdict").annotate(n=Count("pk")))
        if not said:
            return "今天没有报告轮次"
        parts = [f"{kind.label} {said[kind.value]}" for kind in Verdict if said.get(kind.value)]
        return f"今天应报 {sum(said.values())} 份：{'，'.join(parts)}"

    @act(
        "报平安", DUTY, icon="shield-check", kind="primary", when=is_open, effect="今天一切正常，没有突发事件"
    )
    def safe(self, actor: Actor, record: SafetyReport, values: dict[str, Any]) -> None:
        """All is well."""
        report_safe(actor, record)

    @act("报突发事件", DUTY, form=IncidentForm, icon="alert-triangle", when=takes_incident)
    def incident(self, actor: Actor, record: SafetyReport, values: dict[str, Any]) -> None:
        """Something happened."""
        said = values
        more = {"emergency": said["emergency"], "photos": said["photos"]}
        report_incident(actor, record, list(said["items"]), said["text"], **more)

    @act(
        "启动应急处置",
        COMMAND,
        icon="alert-triangle",
        kind="danger",
        when=awaits_command,
        effect="学校和教育局负责人立即收到通知，只能启动一次",
    )
    def emergency(self, actor: Actor, record: SafetyReport, values: dict[str, Any]) -> None:
        """Switch emergency handling on."""
        start_emergency(actor, record)

    @act("转为隐患", RAISE, form=HazardForm, icon="alert-triangle", when=raises_none)
    def to_hazard(self, actor: Actor, record: SafetyReport, values: dict[str, Any]) -> str:
        """What made it happen enters the hazard loop."""
        return hazard_of_report(actor, record, values).get_absolute_url()

    @computed("报告结果", "chip", sort="verdict")
    def result(self, row: SafetyReport) -> tuple[str, str]:
        """Confirmed safe, safe by default, incident, missing, or still to come."""
        return TONES[row.verdict], row.get_verdict_display()

    @computed("日期", "date", needs="round", sort="round__opens_on")
    def day(self, row: SafetyReport) -> Any:
        """The day of the round."""
        return row.round.opens_on

    @computed("应急")
    def emergency_mark(self, row: SafetyReport) -> str:
        """Asked for, or switched on."""
        return "已启动应急" if row.emergency_at else "请求应急" if row.emergency else "无"

    @computed("事件类别")
    def kinds(self, row: SafetyReport) -> str:
        """What happened, by kind."""
        return "、".join(str(item) for item in row.items.all()) or "无"

    @computed("上报人", "meta", needs="submitted_by", sort="submitted_by")
    def reporter(self, row: SafetyReport) -> str:
        """Who reported; the system where silence was settled."""
        if row.state != Stage.COMPLETED:
            return "待报"
        return str(row.submitted_by or "系统")

    @block("突发事件", "safety/report_incident.html")
    def happened(self, request: Any, record: SafetyReport) -> dict[str, Any] | None:
        """Kinds, words, and where emergency handling stands."""
        return {"items": list(record.items.all())} if record.verdict == Verdict.INCIDENT else None

    @block("隐患", "safety/hazard_made.html")
    def hazard(self, request: Any, record: SafetyReport) -> dict[str, Any] | None:
        """The hazard made of it."""
        made = made_of(key_of(record))
        return {"hazard": made} if made else None

    @block("历次上报", "safety/report_history.html")
    def history(self, request: Any, record: SafetyReport) -> dict[str, Any] | None:
        """Every report of this round; a later one does not erase the former."""
        rows = [(row, str(Verdict(row.values["verdict"]).label)) for row in traces(Report, record)]
        return {"rows": rows} if rows else None


not_archived("safety.reports", "每所学校每天一份，在本台账按日查阅；其中的事件另行归档")
