"""Which facts a school keeps itself, and which of them take effect only after the bureau agrees (D09.2)."""

from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Length
from django.urls import reverse

from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Ledger, ledger

KEEPABLE = {
    "short_name": "简称",
    "address": "地址",
    "office_phone": "办公电话",
    "pupils": "在校学生数",
    "classes": "班级数",
    "boarders": "住校生数",
    "staff": "教职工数",
    "teachers": "专任教师数",
    "guards": "专职保安数",
    "has_canteen": "有食堂",
    "has_bus": "有校车",
    "longitude": "经度",
    "latitude": "纬度",
    "site_area": "占地面积",
    "floor_area": "建筑面积",
    "founded_on": "建校日期",
    "pictures": "照片",
    "plans": "平面图",
    "papers": "资料",
}
OPEN = frozenset(KEEPABLE) - {"longitude", "latitude", "site_area", "floor_area", "founded_on"}


class SchoolFieldRule(Record):
    """The bureau ``org`` opens a field to its schools, or keeps it; the nearest rule above a school holds."""

    field = models.CharField("项目", max_length=30, choices=list(KEEPABLE.items()))
    opened = models.BooleanField("学校可改", default=True)
    reviewed = models.BooleanField("须教育局审核", default=False)
    overwritten = models.BooleanField("同步时以上级平台为准", default=False)

    class Meta(Record.Meta):
        verbose_name = "学校自维护设置"
        constraints = [models.UniqueConstraint(fields=["org", "field"], name="base_field_rule_once")]

    def __str__(self) -> str:
        return self.get_field_display()

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.school_field_rules:detail", args=[self.pk])


@dataclass(frozen=True)
class Openness:
    """What a school may do with a field."""

    opened: bool
    reviewed: bool
    overwritten: bool = False

    @property
    def kept_by_school(self) -> bool:
        """Whether a run from the upper platform leaves the school's value alone."""
        return self.opened and not self.overwritten


def openness(unit: OrgUnit) -> dict[str, Openness]:
    """For every keepable field, what the school at ``unit`` may do with it."""
    found = {name: Openness(name in OPEN, False) for name in KEEPABLE}
    rules = SchoolFieldRule.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), archived_at=None)
    for rule in rules.order_by(Length("org__path")):
        found[rule.field] = Openness(rule.opened, rule.reviewed, rule.overwritten)
    return found


@ledger
class SchoolFieldRules(Ledger):
    """The bureau's settings."""

    code = "base.school_field_rules"
    model = SchoolFieldRule
    title = "学校自维护设置"
    area, group, order = "base", "学校", 40
    columns = "field opened reviewed overwritten org"
    filters = "opened reviewed"
    key = "org field"
    form = "org field opened reviewed overwritten"
    example = {"field": "pupils", "opened": True, "reviewed": True}
    roles = {
        "view": "bureau_safety",
        "add": "bureau_safety",
        "edit": "bureau_safety",
        "archive": "bureau_safety",
    }
