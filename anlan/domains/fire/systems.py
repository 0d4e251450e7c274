"""Building fire systems, tested as a whole at least once a year (D14.5)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Cycled, Ledger, ledger, unique


class System(Cycled):
    """The fire facilities of a building."""

    building = models.CharField("建筑", max_length=60)
    parts = models.CharField("设施组成", max_length=200, blank=True)
    accepted_on = models.DateField("验收日期")
    firm = models.CharField("检测单位", max_length=80, blank=True)

    class Meta(Cycled.Meta):
        verbose_name = "建筑消防设施"
        constraints = [unique("fire_system_once", "org building", "这栋建筑已经登记过")]


@ledger
class Systems(Ledger):
    """Fire systems of buildings."""

    model = System
    title, noun, area, group, order = "建筑消防设施检测", "栋", "upkeep", "消防", 230
    columns = "building parts accepted_on firm next_check next_on validity org"
    filters, search, key = "org next_on", "building firm", "org building"
    cycle, expires = "fire.system accepted_on", "next_on"
    files = {"papers": "设施资料"}
    example = {"building": "教学楼", "accepted_on": "2025-08-31"}
    roles = KEPT_BY_SCHOOL
