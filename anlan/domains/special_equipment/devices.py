"""Special equipment with its life, inspections and checks; kinds, cycles and items are data (D16.1, D16.2, D16.5)."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.base.checklists import Subject, declare_subject
from anlan.base.found import Found
from anlan.base.people import person_field
from anlan.base.roles import IN_SCHOOL, KEPT_BY_SCHOOL
from anlan.base.spot_checks import Lookable, Looked, unlooked, vital_failure
from anlan.domains.special_equipment.items import NEEDING, holding
from anlan.engines.registry.api import (
    IN_USE,
    Checked,
    CheckResult,
    Equipment,
    Inventory,
    computed,
    kind_field,
    ledger,
    unique,
)
from anlan.kernel import clock, events

CODE = "special_equipment.devices"
LOOKED_AS = declare_subject(
    Subject(
        "special.device",
        "特种设备",
        1,
        "facility",
        (
            "!安全保护装置、联锁有效",
            "!运行无异响、异味、渗漏",
            "使用标志、警示标志完好",
            "应急电话、照明正常",
            "周围无杂物，通道畅通",
        ),
    )
).code


class Device(Lookable, Equipment):
    """A lift, boiler, vessel or other special equipment; ``installed_on`` is its first supervised inspection.

    ``upkeep_by``: the day by which a confirmed maintenance is wanted; empty where none is laid down.
    """

    code = models.CharField("设备代码", max_length=30)
    kind = kind_field("special_equipment.device", "种类")
    certificate = models.CharField("使用登记证编号", max_length=40, blank=True)
    maker = models.CharField("制造单位及型号", max_length=100, blank=True)
    place = models.CharField("位置", max_length=60)
    installed_on = models.DateField("安装监督检验日期", null=True, blank=True)
    keeper = person_field("管理人员")
    upkeep_by = models.DateField("维保期限", null=True, blank=True, editable=False, db_index=True)

    class Meta(Equipment.Meta):
        verbose_name = "特种设备"
        constraints = [unique("special_device_once", "code", "这个设备代码已经登记过")]

    def held_back(self) -> str:
        """After a failed inspection or a vital failure: a new report, or a check that passes."""
        last = CheckResult.objects.unscoped().filter(ledger=CODE, object_id=self.pk, archived_at=None)
        newest = last.order_by("-day", "-pk").first()
        if newest is not None and not newest.passed:
            return f"{newest.title}结论为不合格，请先记录合格的检验"
        return vital_failure(self, CODE)


def unmanned() -> Q:
    """Condition: in use, an operator is required, and nobody with a valid certificate runs it."""
    through = Device.operators.through.objects.filter(device=OuterRef("pk"))
    return IN_USE & Q(kind__in=NEEDING) & ~Q(Exists(through.filter(holding("operator__"))))


def unkept() -> Q:
    """Condition: in use and its maintenance was missed."""
    return IN_USE & Q(upkeep_by__lt=clock.today())


@ledger
class Devices(Looked, Inventory):
    """Special equipment."""

    code = CODE
    looked_as = LOOKED_AS
    model = Device
    title, noun, area, group, order = "特种设备台账", "台", "upkeep", "特种设备", 300
    columns = "code kind place org state next_on validity upkept looked"
    facts = "code kind place org state next_check next_on upkept looked certificate maker keeper installed_on"
    filters, search, key = "org kind state next_on", "code place certificate maker", "code"
    form = "org code kind certificate maker place installed_on keeper"
    cycle = "special_equipment.device.{kind} installed_on"
    files = {"plate": "铭牌照片", "papers": "技术资料"}
    marks = {
        "unregistered": lambda: Q(certificate="", state="in_use"),
        "unmanned": unmanned,
        "unkept": unkept,
        "unlooked": lambda: IN_USE & unlooked(),
    }
    views = {
        "在用未登记": "unregistered=1",
        "无持证操作人员": "unmanned=1",
        "维保超期": "unkept=1",
        "停用": "state=stopped",
    }
    example = {"code": "31103505820001", "kind": "lift", "place": "综合楼", "installed_on": "2024-02-29"}
    life = "school_safety school_head"
    roles = KEPT_BY_SCHOOL | {"view": " ".join((KEPT_BY_SCHOOL["view"], *IN_SCHOOL[3:]))}

    @computed("维保", "chip")
    def upkept(self, row: Any) -> tuple[str, str] | None:
        """In time, or how many days late."""
        if row.upkeep_by is None or row.at_rest:
            return None
        late = (clock.today() - row.upkeep_by).days
        return ("late", f"超期 {late} 天") if late > 0 else ("done", f"{row.upkeep_by:%m-%d} 前")


@events.on(Checked)
def raise_unqualified(event: Checked) -> None:
    """Handler: an unqualified conclusion goes into the register of hazards."""
    if isinstance(event.record, Device) and not event.result.passed:
        title = f"{event.record} {event.result.title}不合格"
        detail = (
            f"{event.record.get_kind_display()} {event.record}（{event.record.place}）：{event.result.note}"
        )
        key = f"check{event.result.pk}"
        events.publish(
            Found(event.actor, event.record, "tech", title, "facility", detail, event.record.place, key=key)
        )
