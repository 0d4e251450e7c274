"""The ledger of repair orders, and who is told when one is late (D02.6, N1.25)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.repairs import (
    Repair,
    take_interim,
    unaccepted,
    unrestored,
    without_interim,
)
from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import declare_event, nearest_holders, rungs, send
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, act, computed, ledger
from anlan.engines.tasks.api import Job, background, declare_dated, declare_periodic
from anlan.kernel import clock

INTERIM, OVERDUE = "site_security.repairs.edit", "site_security.repairs.overdue"
REMIND_BEFORE = timedelta(hours=4)
VIEWERS = f"{KEPT_BY_SCHOOL['view']} inspector device_mender"

declare_permission(OVERDUE, "接收技防故障超时通知", ("bureau_safety", "township_officer"))
declare_event(
    "site_security.interim",
    "device",
    "故障期间未采取临时措施：{record}",
    "故障从 {since} 开始，请安排值守、巡查等临时措施并登记。",
    channels="sms wechat",
)


class InterimForm(forms.Form):
    """What is done meanwhile."""

    interim = forms.CharField(
        label="临时措施",
        max_length=200,
        widget=forms.Textarea,
        help_text="例如：加派保安值守、加密巡查、启用备用设备",
    )


def lasts(repair: Repair) -> bool:
    """The fault is not over."""
    return repair.closed_at is None and repair.restored_at is None


@ledger
class Repairs(Ledger):
    """Every repair order with its clock."""

    code = "site_security.repairs"
    model = Repair
    readonly = True
    title, noun, icon = "技防报修单", "单", "settings"
    area, group, order = "safety", "技防设备", 260
    columns = "device org standing started_at hours interim_shown accepted_at restored_at refusals"
    filters = "org stage started_at device__kind"
    search = "device__code device__name fault mender org__name"
    facts = (
        "device org standing fault found_by reporter started_at hours interim_shown interim interim_at"
        " accept_by accepted_at accepted_by restore_by restored_at mender cause parts refusals working_test"
        " confirmed_by closed_at recovered_at relapses"
    )
    words = {"device__kind": "设备类型"}
    marks = {
        "unaccepted": unaccepted,
        "late": unrestored,
        "no_interim": without_interim,
    }
    views = {
        "待受理": "stage=reported",
        "受理逾期": "unaccepted=1",
        "恢复逾期": "late=1",
        "没有临时措施": "no_interim=1",
        "待确认": "stage=repaired",
    }
    happenings = {
        "interim": "采取临时措施",
        "recover": "自动恢复",
        "relapse": "再次中断",
        "device:accept": "受理",
        "device:finish": "修好送验",
        "device:redo": "没有修好",
        "device:confirm": "确认修复",
    }
    roles = {"view": VIEWERS, "edit": "school_safety school_head school_contact", "export": VIEWERS}

    @computed("进度", "chip", sort="stage")
    def standing(self, row: Repair) -> tuple[str, str]:
        """How far it is, and whether it is late."""
        if row.closed_at is not None:
            return ("late" if row.late else "done"), row.get_stage_display() + (
                "（超时）" if row.late else ""
            )
        if row.late:
            return "late", f"{row.get_stage_display()}，恢复逾期"
        if row.accepted_at is None and row.accept_by < clock.now():
            return "late", "受理逾期"
        return ("review" if row.restored_at else "doing"), row.get_stage_display()

    @computed("历时（小时）", "number")
    def hours(self, row: Repair) -> float | None:
        """From the beginning of the fault to its end."""
        return row.hours

    @computed("临时措施", "chip")
    def interim_shown(self, row: Repair) -> tuple[str, str]:
        """Taken, to be taken, or missing past its time."""
        if row.interim:
            return "done", "已采取"
        if not lasts(row):
            return "idle", "未登记"
        return ("late", "超时未采取") if row.interim_by < clock.now() else ("todo", "待登记")

    @act("登记临时措施", INTERIM, form=InterimForm, icon="shield-check", kind="primary", when=lasts)
    def take_interim(self, actor: Actor, record: Repair, values: dict[str, Any]) -> None:
        """Guards, patrols or other means until the device works again."""
        take_interim(actor, record, values["interim"])


def _superiors(record: Any) -> list[Any]:
    return next(iter(rungs(record.org, OVERDUE)), [])


def _menders(record: Any) -> list[Any]:
    step = "accept" if record.state == "reported" else "finish"
    return nearest_holders(record.org, f"site_security.device_life.{step}")


declare_dated(
    Device,
    "due_at",
    Q(state__in=("reported", "repairing"), archived_at=None),
    _menders,
    watchers=_superiors,
    escalate_to=lambda record: [],
    lead=lambda record: REMIND_BEFORE,
)


@background("提醒技防故障的临时措施")
def ask_for_interim(job: Job) -> dict[str, Any]:
    """Tell the school of every fault that is not guarded against in time; each once."""
    rows = Repair.objects.unscoped().filter(without_interim(), archived_at=None)
    return {"told": sum(_ask(row) for row in rows.select_related("org", "device__kind"))}


def _ask(repair: Repair) -> int:
    since = repair.started_at.astimezone(clock.zone())
    return send(
        "site_security.interim",
        nearest_holders(repair.org, INTERIM),
        repair,
        key=f"interim:{repair.pk}",
        context={"since": f"{since:%m-%d %H:%M}"},
    )


declare_periodic("site_security.interim", "*/5 * * * *", ask_for_interim)
