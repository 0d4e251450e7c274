"""Kinds of traffic safety facilities around schools, and the department in charge of each, as data (N2.06)."""

from django.db import models

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.registry.api import Entry, Ledger, ledger, unique


class TrafficKind(Entry):
    """A kind, for all schools below ``org``; a department that is no linked agency is written to by the bureau."""

    INHERITED = True

    name = models.CharField("设施种类", max_length=40, help_text="如：减速带、隔离护栏、安全警示标志")
    department = models.CharField("主管部门", max_length=60, help_text="如：公安交管、住建、城管")
    agency = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"kind": Kind.AGENCY},
        verbose_name="联动部门", help_text="选了的，缺损直接移交给该部门的账号；不选的，由教育局登记部门回复",
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "周边交通设施种类"
        ordering = ["org__path", "name"]
        constraints = [unique("physical_traffic_kind_once", "org name", "已有这个种类")]


@ledger
class TrafficKinds(Ledger):
    """Kinds with their departments."""

    code = "physical.traffic_kinds"
    model = TrafficKind
    title, noun, icon = "周边交通设施种类", "种", "settings"
    area, group, order = "safety", "实体防护", 312
    columns = "name department agency org"
    filters, search, key, form = "org agency", "name department", "org name", "org name department agency"
    photos = ""
    example = {"name": "减速带", "department": "公安交管"}
    roles = rights(" ".join((*ABOVE, *AT_SCHOOL)), "bureau_safety")
