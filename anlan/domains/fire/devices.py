"""Fire equipment with its life, service and scrap dates; kinds and cycles are data (D14.1)."""

from django.db import models

from anlan.base.people import person_field
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Equipment, Inventory, kind_field, ledger, unique


class Device(Equipment):
    """One piece of fire equipment."""

    code = models.CharField("编号", max_length=30)
    kind = kind_field("fire.device", "种类")
    spec = models.CharField("规格型号", max_length=40, blank=True)
    place = models.CharField("位置", max_length=60)
    made_on = models.DateField("出厂日期", null=True, blank=True)
    keeper = person_field("责任人")

    class Meta(Equipment.Meta):
        verbose_name = "消防器材"
        constraints = [unique("fire_device_once", "org code", "本校已有这个编号")]


@ledger
class Devices(Inventory):
    """Fire equipment."""

    model = Device
    title, noun, area, group, order = "消防器材台账", "件", "upkeep", "消防", 200
    columns = "code kind place org state next_check next_on validity keeper"
    filters, search, key = "org kind state next_on", "code place spec", "org code"
    form = "org code kind spec place made_on keeper"
    cycle = "fire.device.{kind} made_on"
    files = {"photo": "照片"}
    example = {"code": "MH-001", "kind": "powder", "place": "教学楼一层东", "made_on": "2024-02-29"}
    life, roles = "school_safety school_head", KEPT_BY_SCHOOL
