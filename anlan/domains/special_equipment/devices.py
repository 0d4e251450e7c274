"""A piece of special equipment, and the checklists by which it is checked (D16.1, D16.5)."""

from django.db import models

from anlan.base.checklists import Subject, declare_subject
from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.spot_checks import Lookable, passed_since, vital_failure
from anlan.domains.special_equipment.mishaps import held_by_mishap, last_grave
from anlan.engines.registry.api import CheckResult, Equipment, kind_field, unique

CODE = "special_equipment.devices"
DAILY = declare_subject(
    Subject(
        "special.device",
        "特种设备日检查",
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
WEEKLY = declare_subject(
    Subject(
        "special.week",
        "特种设备周检查",
        7,
        "facility",
        (
            "!本周日检查发现的问题都已处理",
            "!安全附件、安全保护装置在有效期内且动作可靠",
            "作业人员持证上岗，交接班记录齐全",
            "维护保养按期进行，记录有学校签字",
        ),
    )
).code
MONTHLY = declare_subject(
    Subject(
        "special.month",
        "特种设备月检查",
        31,
        "facility",
        (
            "!没有超期未检、超期使用",
            "!本月故障、困人和隐患都已闭环",
            "使用登记证、检验报告、使用标志齐全一致",
            "应急救援预案、救援电话有效，按计划演练",
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
    installed_on = models.DateField("安装监督检验日期", null=True, blank=True, db_index=True)
    keeper = person_field("管理人员")
    upkeep_by = models.DateField("维保期限", null=True, blank=True, editable=False, db_index=True)

    class Meta(Equipment.Meta):
        verbose_name = "特种设备"
        constraints = [unique("special_device_once", "code", "这个设备代码已经登记过")]

    def held_back(self) -> str:
        """After a failed inspection a new report; after a vital failure or worse a check that passes."""
        last = CheckResult.objects.unscoped().filter(ledger=CODE, object_id=self.pk, archived_at=None)
        newest = last.order_by("-day", "-pk").first()
        if newest is not None and not newest.passed:
            return f"{newest.title}结论为不合格，请先记录合格的检验"
        return vital_failure(self, CODE) or held_by_mishap(self) or self._unlooked_since()

    def _unlooked_since(self) -> str:
        grave = last_grave(self)
        seen = grave is None or passed_since(self, CODE, grave.happened_at)
        return "" if seen else "困人或事故之后还没有检查合格"


passes_on(Device, "keeper")
