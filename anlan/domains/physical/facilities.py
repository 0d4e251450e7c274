"""Facilities of physical protection: barriers, gates, doors, railings, cabinets; kinds and checks are data (SAF.52)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Sum

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.person_lists import person_list
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.archives.api import archives
from anlan.engines.registry.api import IN_USE, Equipment, Inventory, computed, kind_field, ledger, unique
from anlan.kernel import clock


class Facility(Equipment):
    """So many pieces of one kind at one place."""

    code = models.CharField("编号", max_length=30)
    kind = kind_field("physical.facility", "种类")
    quantity = models.PositiveIntegerField("数量", default=1, validators=[MinValueValidator(1)])
    place = models.CharField("位置", max_length=60)
    spec = models.CharField("规格型号", max_length=60, blank=True)
    bought_on = models.DateField("购置日期", null=True, blank=True)
    life_to = models.DateField(
        "使用年限至", null=True, blank=True, db_index=True, help_text="过了这一天还在用的，建议更新"
    )
    installed_on = models.DateField("启用日期", null=True, blank=True, db_index=True)
    keeper = person_field("管理人员")

    class Meta(Equipment.Meta):
        verbose_name = "物防设施"
        constraints = [
            unique("physical_facility_once", "org code", "本校已有这个编号"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="physical_facility_some"),
        ]

    def clean(self) -> None:
        """Bought, then in place by today; its life ends later."""
        if self.installed_on and self.installed_on > clock.today():
            raise ValidationError({"installed_on": "启用日期不能晚于今天"})
        begun = self.installed_on or clock.today()
        if self.bought_on and self.bought_on > begun:
            raise ValidationError({"bought_on": f"购置日期不能晚于 {begun}"})
        if self.life_to and self.bought_on and self.life_to <= self.bought_on:
            raise ValidationError({"life_to": "使用年限要晚于购置日期"})

    @property
    def outlived(self) -> bool:
        """In use beyond its life, so that its renewal is proposed."""
        return self.life_to is not None and self.life_to < clock.today() and not self.at_rest


def outlived() -> models.Q:
    """The same as a condition."""
    return IN_USE & models.Q(life_to__lt=clock.today(), archived_at=None)


@ledger
class Facilities(Inventory):
    """Physical protection of schools."""

    code = "physical.facilities"
    model = Facility
    title, noun, icon = "物防设施台账", "项", "shield"
    area, group, order = "safety", "实体防护", 305
    columns = "code kind quantity place org state next_on validity keeper renewal"
    filters, search, key = "org kind state installed_on next_on life_to", "code place spec", "org code"
    form = "org code kind quantity place spec bought_on installed_on life_to keeper"
    facts = (
        "code kind quantity place org state spec bought_on installed_on life_to keeper next_check next_on validity"
        " renewal"
    )
    cycle = "physical.facility.{kind} installed_on"
    files = {"photo": "照片"}
    marks = {"outlived": outlived}
    views = {"建议更新": "outlived=1"}
    example = {
        "code": "WF-001", "kind": "bollard", "quantity": 6, "place": "大门外", "installed_on": "2024-02-29",
    }  # fmt: skip
    life = "school_safety school_head"
    whose = "keeper"
    roles = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector"}

    @computed("更新", "chip", sort="life_to")
    def renewal(self, row: Facility) -> tuple[str, str]:
        """Proposed where it is older than its life."""
        if row.outlived:
            return "late", "建议更新"
        return ("idle", "—") if row.life_to is None else ("done", f"{row.life_to:%Y-%m} 前不用")

    def lede(self, rows: Any, user: Any) -> str:
        """Entries and the pieces they stand for."""
        pieces = rows.filter(archived_at=None).aggregate(n=Sum("quantity"))["n"] or 0
        return f"{super().lede(rows, user)}，合计 {pieces:,} 件"


archives("physical.facilities", "equipment")
passes_on(Facility, "keeper")
person_list("charge", "physical.facilities")
