"""Maintenance contracts of fire facilities, reminded of before they end (D14.5)."""

from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Entry, Ledger, ledger


class Contract(Entry):
    """A contract of maintenance with a firm."""

    firm = models.CharField("维保单位", max_length=80)
    number = models.CharField("合同编号", max_length=40, blank=True)
    qualification = models.CharField("资质编号", max_length=60, blank=True)
    scope = models.CharField("维保范围", max_length=200, blank=True)
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("截止日期", db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "消防维保合同"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="fire_contract_forward",
                violation_error_message="截止日期不能早于起始日期",
            )
        ]


@ledger
class Contracts(Ledger):
    """Contracts of maintenance."""

    model = Contract
    title, noun, area, group, order = "消防维保合同", "份", "upkeep", "消防", 220
    columns = "firm number qualification starts_on ends_on validity org"
    filters, search, key = "org ends_on", "firm number", "org firm starts_on"
    expires, renews, files = "ends_on", "number starts_on ends_on", {"scan": "合同扫描件"}
    example = {"firm": "安泰消防", "starts_on": "2026-01-01", "ends_on": "2030-12-31"}
    roles = KEPT_BY_SCHOOL
