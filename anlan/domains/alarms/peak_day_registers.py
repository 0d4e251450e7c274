"""Ledger of the school days of the separated zones (N1.12)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.people import Person
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.rostering import staff_of
from anlan.domains.alarms.peak_days import DONE, MISSED, PeakDay, unstaffed
from anlan.domains.alarms.peak_staffing import ARRANGE, CONFIRM, assign, confirm
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, computed, ledger
from anlan.kernel import clock

TONES = {DONE: "done", MISSED: "late"}


class ConfirmForm(forms.Form):
    """What was seen there."""

    note = forms.CharField(label="情况", max_length=200, required=False, help_text="正常的可以不写")


class StaffForm(forms.Form):
    """Who stands there on this day."""

    staff = forms.ModelMultipleChoiceField(
        Person.unguarded.none(), label="值守人员", required=False, widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def for_record(cls, record: PeakDay, *sent: Any) -> "StaffForm":
        """Among the people of the school."""
        form = cls(*sent)
        form.initial["staff"] = list(record.staff.all())
        form.fields["staff"].queryset = staff_of(record.org)  # type: ignore[attr-defined]
        return form


def to_do(row: PeakDay) -> bool:
    """Neither confirmed nor over."""
    return row.to_do


@ledger
class PeakDays(Ledger):
    """Each school day's setting up: done, missed, or without people."""

    code = "alarms.peak_days"
    model = PeakDay
    readonly = True
    title, noun, icon = "隔离区布设记录", "次", "calendar-event"
    area, group, order = "safety", "报警与出入", 331
    columns = "what begins_at ends_at staff standing done_by org"
    facts = "zone day begins_at ends_at staff standing done_at done_by note org"
    filters, search = "org zone day state", "zone__name zone__entrance__title org__name"
    sort = "-begins_at"
    views = {"没有安排人员": "unstaffed=1", "今天": "today=1", "未完成": "state=missed"}
    marks = {"unstaffed": unstaffed, "today": lambda: Q(day=clock.today())}
    files, photos = {"photo": "现场照片"}, ""
    happenings = {"assign": "安排人员", "confirm": "确认布设", "miss": "没有确认"}
    example = {
        "day": "2026-10-08", "begins_at": "2026-10-08T07:10+08:00", "ends_at": "2026-10-08T08:00+08:00",
    }  # fmt: skip
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "guard", "staff")),
        "export": " ".join((*ABOVE, *AT_SCHOOL)),
    }

    @computed("时段", needs="zone zone__entrance", sort="begins_at")
    def what(self, row: PeakDay) -> str:
        """Gate, peak and day."""
        return str(row)

    @computed("结果", "chip", sort="state")
    def standing(self, row: PeakDay) -> tuple[str, str]:
        """Done, missed, going on, or nobody named."""
        if row.state in TONES:
            return TONES[row.state], row.get_state_display()
        if not row.staff.all():
            return "late", "没有安排人员"
        return ("doing", "待确认") if clock.now() >= row.begins_at else ("todo", "未开始")

    @act("确认布设", CONFIRM, form=ConfirmForm, icon="check", kind="primary", when=to_do)
    def confirm(self, actor: Actor, record: PeakDay, values: dict[str, Any]) -> None:
        """Barriers stand, people are there."""
        confirm(actor, record, values["note"])

    @act("安排当天人员", ARRANGE, form=StaffForm, icon="users", when=to_do)
    def assign(self, actor: Actor, record: PeakDay, values: dict[str, Any]) -> None:
        """Others than usual."""
        assign(actor, record, list(values["staff"]))
