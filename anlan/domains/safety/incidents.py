"""Safety incidents: what happened at a school and how it was handled (D01.15, D07.3)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.org.api import Record
from anlan.engines.registry.api import Ledger, ledger
from anlan.kernel import clock

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = "school_safety school_head"


class IncidentKind(models.TextChoices):
    """Kinds of incident."""

    FIRE = "fire", "火灾"
    FOOD = "food", "食品安全"
    INJURY = "injury", "学生伤害"
    TRAFFIC = "traffic", "交通"
    FACILITY = "facility", "设施设备"
    PUBLIC = "public", "治安"
    HEALTH = "health", "公共卫生"
    OTHER = "other", "其他"


class Incident(Record):
    """One incident at a school (``org``); ``source_key`` names the finding it was started from, once only."""

    OWNER = "created_by"

    title = models.CharField("事件", max_length=120)
    kind = models.CharField("类别", max_length=10, choices=IncidentKind.choices, default=IncidentKind.OTHER)
    happened_at = models.DateTimeField("发生时间", default=clock.now, db_index=True)
    place = models.CharField("地点", max_length=80, blank=True)
    course = models.TextField("经过")
    affected = models.PositiveSmallIntegerField("受影响人数", default=0)
    handling = models.TextField("处置情况", blank=True)
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True, editable=False)
    source_url = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "安全事件"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/safety/incidents/{self.pk}/"

    def clean(self) -> None:
        """An incident lies in the past."""
        if self.happened_at and self.happened_at > clock.now():
            raise ValidationError({"happened_at": "发生时间不能晚于现在"})


@ledger
class Incidents(Ledger):
    """Incidents of the schools."""

    code = "safety.incidents"
    model = Incident
    title, noun, icon = "安全事件", "事件", "alert-triangle"
    area, group, order = "safety", "日常", 50
    columns = "title kind org happened_at place affected"
    filters = "org kind happened_at"
    search = "title course place org__name"
    sort = "-happened_at"
    sections = {"发生了什么": "org kind title happened_at place course affected", "怎样处置": "handling"}
    files = {"evidence": "材料"}
    example = {"title": "实验室小面积起火", "course": "通风柜内试剂自燃，教师当场扑灭。"}
    roles = {
        "view": f"{WATCHERS} {SCHOOL} school_contact",
        "view.own": "inspector",
        "add": f"{BUREAU} {SCHOOL} inspector",
        "edit": f"{BUREAU} {SCHOOL}",
        "export": f"{WATCHERS} {SCHOOL}",
    }
