"""Ledgers behind safety reports: kinds of incident, and the rounds a bureau opens (D07.1)."""

from typing import Any

from django import forms
from django.db.models import Count
from django.urls import reverse

from anlan.base.audiences import AudienceForm
from anlan.domains.safety.report_registers import BUREAU, WATCHERS
from anlan.domains.safety.reporting import choose, open_rounds
from anlan.domains.safety.reports import ISSUE, ReportPlan, SafetyReport
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import cancel_plan

Verdict = SafetyReport.Verdict


class SchoolsForm(AudienceForm):
    """Which schools a plan asks."""

    @classmethod
    def for_record(cls, record: Any, data: Any = None, files: Any = None) -> "AudienceForm":
        """As last chosen; all schools at first."""
        form = super().for_record(record, data, files)
        form.initial = record.audience_said or {"whole": True}
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
