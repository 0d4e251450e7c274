"""Fire equipment with its life, service and scrap dates; kinds and cycles are data (D14.1, R.32)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.checklists import Subject, declare_subject
from anlan.base.handing_on import passes_on
from anlan.base.looked import Looked
from anlan.base.people import person_field
from anlan.base.roles import IN_SCHOOL, KEPT_BY_SCHOOL
from anlan.base.spot_checks import Lookable, unlooked
from anlan.engines.archives.api import archives
from anlan.engines.registry.api import IN_USE, Equipment, Inventory, kind_field, ledger, unique
from anlan.kernel import clock

LOOKED_AS = declare_subject(
    Subject(
        "fire.device",
        "消防器材",
        31,
        "fire",
        ("位置正确，取用方便，无遮挡", "外观完好，无锈蚀、破损", "压力或指示正常", "铅封、标签、检查卡完好"),
    )
).code


class Device(Lookable, Equipment):
    """One piece of fire equipment; ``scrap_on`` is the date on its plate, where it has one."""

    code = models.CharField("编号", max_length=30)
    kind = kind_field("fire.device", "种类")
    spec = models.CharField("规格型号", max_length=40, blank=True)
    building = models.CharField("建筑", max_length=40, blank=True, db_index=True)
    place = models.CharField("位置", max_length=60)
    made_on = models.DateField("出厂日期", null=True, blank=True)
    scrap_on = models.DateField("铭牌报废日期", null=True, blank=True, db_index=True)
    keeper = person_field("责任人")

    class Meta(Equipment.Meta):
        verbose_name = "消防器材"
        constraints = [unique("fire_device_once", "org code", "本校已有这个编号")]

    def clean(self) -> None:
        """Made by today, and before it is scrapped."""
        if self.made_on and self.made_on > clock.today():
            raise ValidationError({"made_on": "出厂日期不能晚于今天"})
        if self.made_on and self.scrap_on and self.scrap_on < self.made_on:
            raise ValidationError({"scrap_on": "报废日期不能早于出厂日期"})


def over() -> models.Q:
    """Condition: in use past its service or scrapping date."""
    today = clock.today()
    return IN_USE & (models.Q(next_on__lt=today) | models.Q(scrap_on__lt=today))


def due_for_a_look() -> models.Q:
    """Condition: in use, and its check is overdue."""
    return IN_USE & unlooked()


def failed() -> models.Q:
    """Condition: failed, and the repair not confirmed."""
    return models.Q(state__in=("reported", "repairing", "repaired", "stopped"))


@ledger
class Devices(Looked, Inventory):
    """Fire equipment."""

    looked_as = LOOKED_AS
    model = Device
    title, noun, area, group, order = "消防器材台账", "件", "upkeep", "消防", 200
    columns = "code kind building place org state next_check next_on scrap_on validity looked keeper"
    filters, search, key = "org kind building state next_on", "code place spec", "org code"
    offers = "building"
    form = "org code kind spec building place made_on scrap_on keeper"
    cycle = "fire.device.{kind} made_on"
    files = {"photo": "照片"}
    marks = {
        "over": over,
        "unlooked": due_for_a_look,
        "failed": failed,
        "used": lambda: IN_USE,
        "fine": lambda: models.Q(state="in_use") & ~over(),
    }
    views = {"已过检修或报废日期": "over=1", "检查超期": "unlooked=1", "不合格待修复": "failed=1"}
    example = {
        "code": "MH-001", "kind": "powder", "building": "教学楼", "place": "一层东", "made_on": "2024-02-29",
    }  # fmt: skip
    life = "school_safety school_head"
    whose = "keeper"
    roles = KEPT_BY_SCHOOL | {"view": " ".join((KEPT_BY_SCHOOL["view"], *IN_SCHOOL[3:]))}


archives("fire.devices", "equipment")
passes_on(Device, "keeper")
