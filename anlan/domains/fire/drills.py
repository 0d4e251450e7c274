"""Fire and evacuation drills: planned, held, their problems handed on (D14.4)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from anlan.base.found import Filed, Found
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor, change
from anlan.engines.registry.api import Ledger, act, ledger
from anlan.engines.workflow.api import FlowRecord, Workflow, done, idle, move
from anlan.kernel import clock, events

RAISE = "fire.drills.edit"


class Drill(FlowRecord):
    """A drill of a school; held only with its date, how many took part, and a picture or document."""

    title = models.CharField("演练名称", max_length=60)
    planned_on = models.DateField("计划日期", db_index=True)
    scenario = models.CharField("情景", max_length=200, blank=True)
    scheme = models.CharField("依据的预案", max_length=100, blank=True)
    held_on = models.DateField("演练日期", null=True, blank=True, db_index=True)
    people = models.PositiveIntegerField("参加人数", null=True, blank=True, validators=[MinValueValidator(1)])
    seconds = models.PositiveIntegerField("疏散用时（秒）", null=True, blank=True)
    problems = models.TextField("发现的问题", blank=True)
    improvement = models.TextField("改进措施", blank=True)
    hazard_url = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "消防演练"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The drill's page."""
        return f"/fire/drills/{self.pk}/"

    def clean(self) -> None:
        """Nothing was held in days to come."""
        if self.held_on and self.held_on > clock.today():
            raise ValidationError({"held_on": "演练日期不能晚于今天"})


class DrillLife(Workflow):
    """Planned, held, or called off."""

    code, title, model = "fire.drill_life", "消防演练", Drill
    states = {"planned": idle("计划"), "held": done("已完成"), "off": idle("已取消")}
    initial, final, files = "planned", "held off", "photos"
    hold = move(
        "登记演练结果", "planned", "held", by="school_safety school_head",
        needs="held_on people photos", takes="seconds problems improvement", duty=False,
    )  # fmt: skip
    cancel = move("取消", "planned", "off", by="school_safety school_head", needs="improvement", duty=False)


class HazardForm(forms.Form):
    """Which problem is handed on."""

    title = forms.CharField(label="问题", max_length=100)
    place = forms.CharField(label="地点", max_length=60, required=False)


@ledger
class Drills(Ledger):
    """Drills."""

    model = Drill
    title, noun, area, group, order = "消防演练", "次", "upkeep", "消防", 250
    columns = "title org planned_on state held_on people seconds problems"
    filters, search, sort = "org state planned_on held_on", "title scenario problems", "-planned_on"
    form = "org title planned_on scenario scheme"
    files = {"photos": "照片或文件"}
    example = {
        "title": "秋季消防疏散演练",
        "planned_on": "2026-10-10",
        "held_on": "2026-10-12",
        "people": 860,
    }
    roles = KEPT_BY_SCHOOL

    @act("问题转为隐患", RAISE, form=HazardForm, icon="alert-triangle", when=lambda row: row.state == "held")
    def raise_problem(self, actor: Actor, record: Drill, values: dict[str, Any]) -> str:
        """Into the register of hazards, once for a problem."""
        title, place = values["title"], values["place"]
        detail = f"{record} {record.held_on}：{record.problems}"
        events.publish(Found(actor, record, "self", title, "fire", detail, place, key=title[:30]))
        return record.hazard_url


@events.on(Filed)
def link(event: Filed) -> None:
    """The drill leads to the hazard made of it last."""
    if isinstance(event.record, Drill):
        change(event.actor, event.record, {"hazard_url": event.url}, action="raise")


archives("fire.drills", "drill")
