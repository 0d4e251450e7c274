"""School buses with drivers, inspected every half year (SAF.54)."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.person_lists import person_list
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.archives.api import archives
from anlan.engines.registry.api import Equipment, Inventory, ledger, unique

PLATE = RegexValidator(r"^[\u4e00-\u9fa5][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警]$", "车牌号不对")


class Bus(Equipment):
    """A bus; ``registered_on`` is the day from which its inspections count."""

    plate = models.CharField("车牌号", max_length=10, validators=[PLATE])
    seats = models.PositiveSmallIntegerField("核载人数", validators=[MinValueValidator(7)])
    registered_on = models.DateField("注册登记日期", null=True, blank=True)
    driver = person_field("驾驶人")
    attendant = person_field("照管人员")
    route = models.CharField("线路、站点", max_length=200, blank=True)

    class Meta(Equipment.Meta):
        verbose_name = "校车"
        constraints = [unique("school_buses_plate_once", "plate", "这个车牌号已经登记过")]


@ledger
class Buses(Inventory):
    """School buses."""

    model = Bus
    title, noun, area, group, order = "校车台账", "辆", "upkeep", "校车", 400
    columns = "plate seats org driver attendant state next_check next_on validity"
    filters, search, key = "org state next_on", "plate route driver__name", "plate"
    form = "org plate route seats registered_on driver attendant"
    cycle = "school_buses.bus registered_on"
    files = {"photo": "照片"}
    example = {"plate": "闽C12345", "seats": 36, "registered_on": "2025-08-31"}
    whose = "driver attendant"
    life, roles = "school_safety school_head", KEPT_BY_SCHOOL


archives("school_buses.buses", "equipment")
passes_on(Bus, "driver")
passes_on(Bus, "attendant")
person_list("charge", "school_buses.buses")
