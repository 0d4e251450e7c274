"""Ledgers of safety reports: kinds of incident, rounds, and what each school reported (D07.1, D11.11-D11.13)."""

from typing import Any

from django import forms
from django.db.models import Count
from django.urls import reverse

from anlan.domains.safety.audiences import AudienceForm
from anlan.domains.safety.reporting import choose, open_rounds, report_incident, report_safe, start_emergency
from anlan.domains.safety.reports import (
    COMMAND,
    DUTY,
    ISSUE,
    OPENERS,
    REPORTERS,
    ReportItem,
    ReportPlan,
    SafetyReport,
)
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, SeveralFiles, act, block, computed, ledger
from anlan.engines.tasks.api import Report, cancel_plan, traces
from anlan.kernel import clock

BUREAU = " ".join(OPENERS)
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = " ".join(REPORTERS)
Verdict = SafetyReport.Verdict
TONES = {"waiting": "todo", "safe": "done", "default": "idle", "incident": "late", "missing": "late"}


class SchoolsForm(AudienceForm):
    """Which schools a plan asks."""

    @classmethod
    def for_record(cls, record: Any, data: Any = None, files: Any = None) -> "AudienceForm":
        """As last chosen; all schools at first."""
        form = super().for_record(record, data, files)
        form.initial = record.audience_said or {"whole": True}
        return form


class IncidentForm(forms.Form):
    """What happened."""

    items = forms.ModelMultipleChoiceField(
        ReportItem.unguarded.none(), label="事件类别", widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label="发生了什么", widget=forms.Textarea, max_length=2000)
    emergency = forms.BooleanField(label="请求启动应急处置（教育局立即收到提醒）", required=False)
    photos = SeveralFiles(label="现场照片", required=False)

    @classmethod
    def for_record(cls, record: SafetyReport, data: Any = None, files: Any = None) -> "IncidentForm":
        """The form with the kinds laid down for this school."""
        form = cls(data, files)
        kinds: Any = form.fields["items"]
        kinds.queryset = ReportItem.unguarded.filter(
            org__code__in=record.org.ancestor_codes(), retired=False, archived_at=None
        )
        return form


class CancelForm(forms.Form):
    """Why the rounds end."""

    reason = forms.CharField(label="原因", max_length=200)


def is_draft(plan: ReportPlan) -> bool:
    """Not yet opened."""
    return plan.state == ReportPlan.State.DRAFT


def is_active(plan: ReportPlan) -> bool:
    """Running."""
    return plan.state == ReportPlan.State.ACTIVE


def is_open(report: SafetyReport) -> bool:
    """Still to be reported."""
    return report.open


def takes_incident(report: SafetyReport) -> bool:
    """An incident may still be reported."""
    return report.open or report.verdict in (Verdict.SAFE, Verdict.DEFAULT)


def awaits_command(report: SafetyReport) -> bool:
    """An incident without emergency handling."""
    return report.verdict == Verdict.INCIDENT and report.emergency_at is None


@ledger
class ReportItems(Ledger):
    """Kinds of incident."""

    code = "safety.report_items"
    model = ReportItem
    title, noun, icon = "事件类别", "类", "settings"
    area, group, order = "safety", "设置", 945
    columns = "title order retired org"
    search = "title"
    key = "org title"
    sort = "order"
    example = {"title": "食品安全", "order": 10}
    roles = {"view": f"{WATCHERS} {SCHOOL}"} | dict.fromkeys(("add", "edit", "archive", "export"), BUREAU)


@ledger
class ReportPlans(Ledger):
    """Which schools report, how often, until when."""

    code = "safety.report_plans"
    model = ReportPlan
    title, noun, icon = "安全报告安排", "安排", "calendar"
    area, group, order = "safety", "日常", 32
    columns = "title stand repeat starts_on ends_on deadline_time silence org"
    filters = "org state"
    search = "title"
    sections = {
        "报什么": "org title",
        "什么时候报": "starts_on ends_on repeat interval_days skip_holidays deadline_days deadline_time remind_hours",
        "到期没有报": "silence",
    }
    while_in = {"edit": "draft"}
    example = {"title": "每日安全报告", "repeat": "daily", "deadline_time": "17:00"}
    roles = {"view": WATCHERS} | dict.fromkeys(("add", "edit", "export"), BUREAU)

    @act("选择学校", ISSUE, form=SchoolsForm, icon="users", when=is_draft)
    def choose(self, actor: Actor, record: ReportPlan, values: dict[str, Any]) -> None:
        """Fix which schools are asked."""
        choose(actor, record, values)

    @act(
        "下发",
        ISSUE,
        icon="speakerphone",
        kind="primary",
        when=is_draft,
        effect=lambda plan: f"每轮 {plan.units().count()} 所学校收到",
    )
    def issue(self, actor: Actor, record: ReportPlan, values: dict[str, Any]) -> None:
        """Open the rounds."""
        open_rounds(actor, record)

    @act("停止", ISSUE, form=CancelForm, icon="x", kind="danger", when=is_active)
    def stop(self, actor: Actor, record: ReportPlan, values: dict[str, Any]) -> None:
        """No further rounds; open reports are taken back."""
        cancel_plan(actor, record, values["reason"])

    def begin(self, user: Any) -> dict[str, Any]:
        """The own bureau asks."""
        return {"org": user.unit_id}

    @computed("状态", "chip")
    def stand(self, row: ReportPlan) -> tuple[str, str]:
        """Draft, running, ended, cancelled."""
        tones = {"draft": "idle", "active": "doing", "ended": "done", "cancelled": "idle"}
        return tones[row.state], row.get_state_display()

    @block("报告的学校", "safety/report_units.html")
    def schools(self, request: Any, record: ReportPlan) -> dict[str, Any]:
        """How many, and the first names."""
        units = list(record.units()[:41])
        return {"units": units[:40], "more": len(units) > 40, "all": record.units().count()}

    @block("最近各轮", "safety/report_rounds.html")
    def rounds(self, request: Any, record: ReportPlan) -> dict[str, Any] | None:
        """Figures of the last rounds, each with its list."""
        recent = list(record.rounds.order_by("-opens_on")[:10])
        counted = SafetyReport.unguarded.filter(round__in=recent, archived_at=None).exclude(state="cancelled")
        rows = counted.order_by().values_list("round", "verdict").annotate(n=Count("pk"))
        numbers = {(round_, verdict): n for round_, verdict, n in rows}
        url = reverse("safety.reports:list")
        table = [
            (
                round_,
                [
                    (
                        kind.label,
                        numbers[round_.pk, kind.value],
                        f"{url}?round={round_.pk}&verdict={kind.value}",
                    )
                    for kind in Verdict
                    if (round_.pk, kind.value) in numbers
                ],
            )
            for round_ in recent
        ]
        return {"table": table} if recent else None


@ledger
class SafetyReports(Ledger):
    """What each school reported in each round."""

    code = "safety.reports"
    model = SafetyReport
    readonly = True
    title, noun, icon = "安全报告", "份", "shield-check"
    area, group, order = "safety", "日常", 30
    columns = "org result day items emergency_mark submitted_at late submitted_by"
    facts = (
        "org result day due_at submitted_at submitted_by late items text emergency emergency_at emergency_by"
    )
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
    roles = {"view": f"{WATCHERS} {SCHOOL}", "export": f"{WATCHERS} {SCHOOL}"}

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
        return "已启动应急" if row.emergency_at else "请求应急" if row.emergency else ""

    @block("突发事件", "safety/report_incident.html")
    def happened(self, request: Any, record: SafetyReport) -> dict[str, Any] | None:
        """Kinds, words, and where emergency handling stands."""
        return {"items": list(record.items.all())} if record.verdict == Verdict.INCIDENT else None

    @block("历次上报", "safety/report_history.html")
    def history(self, request: Any, record: SafetyReport) -> dict[str, Any] | None:
        """Every report of this round; a later one does not erase the former."""
        rows = [(row, str(Verdict(row.values["verdict"]).label)) for row in traces(Report, record)]
        return {"rows": rows} if rows else None
