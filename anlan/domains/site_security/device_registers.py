"""The ledger of devices of technical protection, with its repairs and risks (D02.2, N1.26)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.site_security.device_checks import (
    CHECK,
    CheckForm,
    DeviceCheck,
    check_device,
    checkable,
    grade_of,
)
from anlan.domains.site_security.devices import SPECIFIC, UNDER_REPAIR, Condition, Device, faults_of
from anlan.domains.site_security.editions import GRADES
from anlan.domains.site_security.pulses import Pulse
from anlan.domains.site_security.recording_registers import SpotForm
from anlan.domains.site_security.recordings import spot_check
from anlan.domains.site_security.repairs import Repair
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import declare_role
from anlan.engines.registry.api import IN_USE, Inventory, act, block, computed, ledger
from anlan.kernel import clock

EDIT = "site_security.devices.edit"
TONES = {"online": "done", "offline": "todo", "faulty": "late", "withdrawn": "idle"}
declare_role("device_mender", "技防维护人员")


def uncertified() -> Q:
    """In use without a certificate, or with one that has expired."""
    lacking = Q(certificate=None) | Q(certificate__valid_to__lt=clock.today())
    return lacking & ~Q(condition=Condition.WITHDRAWN)


class RiskForm(forms.Form):
    """How somebody might be hurt."""

    risk = forms.CharField(label="伤人风险", max_length=200, widget=forms.Textarea)


class ClearForm(forms.Form):
    """What was done about it."""

    note = forms.CharField(label="处理情况", max_length=200, widget=forms.Textarea)


@ledger
class Devices(Inventory):
    """Every device of technical protection."""

    code = "site_security.devices"
    model = Device
    title, noun, icon = "技防设备台账", "台", "camera"
    area, group, order = "safety", "技防设备", 250
    columns = "code kind standing place spot org installed_on validity"
    filters = "org family kind place condition state certificate installed_on next_on"
    search = "code name spot maker spec"
    key = "org code"
    sections = {
        "设备": "org code kind name place spot",
        "产品": "maker spec bought_on installed_on accepted_on warranty_to certificate",
        "管理": "keeper firm",
        "视频监控": "channel resolution",
        "入侵和紧急报警": "zone",
        "出入口控制、访客、广播、巡查": "passage partition card",
    }
    facts = "code family kind name standing place spot org maker spec bought_on installed_on accepted_on warranty_to certificate keeper firm specifics demanded heard risk next_check next_on validity"  # noqa: E501
    files = {"photo": "照片", "papers": "说明书、验收资料", "repair": "维修照片"}
    form_files = "photo papers"
    choices = {"place": Q(absent=False, survey__archived_at=None)}
    marks = {
        "uncertified": uncertified,
        "risky": lambda: ~Q(risk=""),
        "undated": lambda: Q(installed_on=None),
        "unaccepted": lambda: Q(accepted_on=None) & ~Q(condition=Condition.WITHDRAWN),
        "silent": lambda: Q(pulse__lost=True),
    }
    views = {
        "故障": "condition=faulty",
        "离线": "condition=offline",
        "失联": "silent=1",
        "报警测试逾期": "family=panic&validity=expired",
        "没有有效产品证书": "uncertified=1",
        "没有安装验收": "unaccepted=1",
        "有伤人风险": "risky=1",
        "退出使用": "condition=withdrawn",
    }
    example = {"code": "JK-001", "name": "大门枪机", "spot": "大门口", "installed_on": "2024-02-29"}
    happenings = {
        "risk": "报告伤人风险",
        "risk_cleared": "风险已消除",
        "offline": "标为离线",
        "online": "恢复在线",
    }
    watched = IN_USE
    soon = 7  # tests and checks come every week or month
    cycle = "site_security.{kind} installed_on"
    life = "school_safety school_head/device_mender school_safety school_head school_contact"
    whose = "keeper"
    roles = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector device_mender"}

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Dates, position, and fields of the kind."""
        return dict(faults_of(record, values))

    @computed("运行状态", "chip", sort="condition")
    def standing(self, row: Device) -> tuple[str, str]:
        """Working, offline, faulty, out of use."""
        return TONES[row.condition], row.get_condition_display()

    @computed("专项参数")
    def specifics(self, row: Device) -> str:
        """What only devices of this family have."""
        fields = [field for field in row._meta.concrete_fields if field.name in SPECIFIC]
        said = ((field.verbose_name, getattr(row, field.name)) for field in fields)
        return "；".join(f"{title} {value}" for title, value in said if value)

    @computed("图像等级要求")
    def demanded(self, row: Device) -> str:
        """What its images must show, by the requirements for its place."""
        return str(dict(GRADES).get(grade_of(row), ""))

    @computed("最近心跳")
    def heard(self, row: Device) -> str:
        """When a device that reports by itself was heard last."""
        pulse = Pulse.objects.filter(device=row).first()
        return f"{pulse.heard_at.astimezone(clock.zone()):%Y-%m-%d %H:%M}" if pulse else "没有自动上报"

    @act(
        "报告伤人风险", EDIT, form=RiskForm, icon="alert-triangle", when=lambda row: not row.risk and row.open
    )
    def report_risk(self, actor: Actor, record: Device, values: dict[str, Any]) -> None:
        """The device or the way it is mounted may hurt somebody."""
        change(actor, record, {"risk": values["risk"].strip()}, action="risk")

    @act("风险已消除", EDIT, form=ClearForm, icon="circle-check", when=lambda row: bool(row.risk))
    def clear_risk(self, actor: Actor, record: Device, values: dict[str, Any]) -> None:
        """It cannot any more."""
        change(actor, record, {"risk": ""}, action="risk_cleared")

    @act("标为离线", EDIT, icon="minus", when=lambda row: row.condition == Condition.ONLINE)
    def go_offline(self, actor: Actor, record: Device, values: dict[str, Any]) -> None:
        """Switched off or cut off, without a fault."""
        change(actor, record, {"condition": Condition.OFFLINE}, action="offline")

    @act("恢复在线", EDIT, icon="check", when=lambda row: row.condition == Condition.OFFLINE)
    def go_online(self, actor: Actor, record: Device, values: dict[str, Any]) -> None:
        """Works again."""
        change(actor, record, {"condition": Condition.ONLINE}, action="online")

    @act("安全检查", CHECK, form=CheckForm, icon="clipboard-check", kind="primary", when=checkable)
    def check(self, actor: Actor, record: Device, values: dict[str, Any]) -> str:
        """By the checklist of its family."""
        said = dict(values)
        note, photo = said.pop("note", ""), said.pop("photo", None)
        return check_device(actor, record, said, note, [photo] if photo else []).get_absolute_url()

    @act(
        "核查录像",
        CHECK,
        form=SpotForm,
        icon="clock",
        when=lambda row: row.is_camera and checkable(row),
    )
    def look_back(self, actor: Actor, record: Device, values: dict[str, Any]) -> str:
        """How far back it can be played, and where it broke off."""
        return spot_check(actor, record, values).get_absolute_url()

    @block("安全检查", "site_security/checks.html")
    def checks(self, request: Any, record: Device) -> dict[str, Any] | None:
        """Every check so far."""
        rows = list(DeviceCheck.objects.unscoped().filter(device=record).order_by("-pk")[:20])
        return {"checks": rows} if rows else None

    @block("维修记录", "site_security/repairs.html")
    def repairs(self, request: Any, record: Device) -> dict[str, Any] | None:
        """Every fault so far."""
        rows = list(Repair.objects.unscoped().filter(device=record).order_by("-pk")[:20])
        return {"repairs": rows, "under_repair": record.state in UNDER_REPAIR} if rows else None


archives("site_security.devices", "equipment", parts="repairs checks")
