"""Managers and operators of special equipment with their certificates (D16.4)."""

from typing import Any

from django.db import models

from anlan.base.people import person_field
from anlan.base.person_lists import person_list
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.special_equipment.devices import Device
from anlan.domains.special_equipment.items import COVERED, ITEMS
from anlan.engines.registry.api import Credential, Credentials, ledger, unique


class Operator(Credential):
    """A person's certificate for an item of special equipment."""

    person = person_field("人员", null=False, blank=False)
    items = models.CharField("作业项目", max_length=4, choices=ITEMS)
    devices = models.ManyToManyField(Device, related_name="operators", blank=True, verbose_name="操作的设备")

    class Meta(Credential.Meta):
        verbose_name = "作业人员证"
        constraints = [unique("special_operator_once", "number items", "这个证书的这个项目已经登记过")]


@ledger
class Operators(Credentials):
    """Certificates of managers and operators."""

    model = Operator
    title, noun, area, group, order = "特种设备作业人员证", "份", "upkeep", "特种设备", 310
    columns = "person items devices number issuer issued_on valid_to validity org"
    filters, search, key = "org items valid_to", "person__name number", "number items"
    form = "org person items number issuer issued_on valid_to devices"
    watched = models.Q(person__left_on=None)
    example = {"items": "A", "number": "TS-1", "issued_on": "2026-01-05", "valid_to": "2030-01-04"}
    whose = "person"
    roles = KEPT_BY_SCHOOL

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """The item covers every piece of equipment it is linked to."""
        item = str(values.get("items") or getattr(record, "items", ""))
        linked = values.get("devices", record.devices.all() if record else [])
        others = [str(one) for one in linked if one.kind not in COVERED.get(item, set())]
        return {"devices": f"作业项目不包括这些设备：{'、'.join(others)}"} if others else {}


person_list("certificate", "special_equipment.operators")
