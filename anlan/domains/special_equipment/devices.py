"""Special equipment with its life and inspections; kinds and cycles are data (D16.1, D16.2)."""

from django.db import models

from anlan.base.people import person_field
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Equipment, Inventory, kind_field, ledger, unique


class Device(Equipment):
    """A lift, boiler, vessel or other special equipment; ``installed_on`` is its first supervised inspection."""

    code = models.CharField("设备代码", max_length=30)
    kind = kind_field("special_equipment.device", "种类")
    certificate = models.CharField("使用登记证编号", max_length=40, blank=True)
    maker = models.CharField("制造单位及型号", max_length=100, blank=True)
    place = models.CharField("位置", max_length=60)
    installed_on = models.DateField("安装监督检验日期", null=True, blank=True)
    keeper = person_field("管理人员")

    class Meta(Equipment.Meta):
        verbose_name = "特种设备"
        constraints = [unique("special_device_once", "code", "这个设备代码已经登记过")]


@ledger
class Devices(Inventory):
    """Special equipment."""

    model = Device
    title, noun, area, group, order = "特种设备台账", "台", "upkeep", "特种设备", 300
    columns = "code kind place org state next_check next_on validity certificate keeper"
    filters, search, key = "org kind state next_on", "code place certificate maker", "code"
    form = "org code kind certificate maker place installed_on keeper"
    cycle = "special_equipment.device.{kind} installed_on"
    files = {"plate": "铭牌照片", "papers": "技术资料"}
    marks = {"unregistered": lambda: models.Q(certificate="", state="in_use")}
    views = {"在用未登记": "unregistered=1", "停用": "state=stopped"}
    example = {"code": "31103505820001", "kind": "lift", "place": "综合楼", "installed_on": "2024-02-29"}
    life, roles = "school_safety school_head", KEPT_BY_SCHOOL
