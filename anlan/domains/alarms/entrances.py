"""Entrances of a closed school: what stands at each, who may pass when, and exceptions somebody allowed (N2.02)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.base.people import person_field
from anlan.domains.alarms.passes import HOLDERS
from anlan.engines.registry.api import Entry, unique
from anlan.engines.tasks.api import is_working_day
from anlan.kernel import clock


class Entrance(Entry):
    """An entrance with its gate duty room; one with ``closed_on`` is walled or locked up from that day on."""

    KINDS = [("person", "人行"), ("vehicle", "车行"), ("both", "人车共用")]
    ROOMS = [("none", "没有"), ("gate", "门卫值班室"), ("police", "警务室")]

    title = models.CharField("出入口名称", max_length=60, help_text="与门禁设备登记的出入口名称一致")
    kind = models.CharField("类型", max_length=8, choices=KINDS, default="both", db_index=True)
    room = models.CharField("值班室", max_length=8, choices=ROOMS, default="none", db_index=True)
    room_staff = models.PositiveSmallIntegerField("同时在岗人数", default=0)
    alarm = models.BooleanField("有报警设备", default=False, db_index=True)
    comms = models.BooleanField("有通讯设备", default=False, db_index=True)
    met_on = models.DateField("认定达标日期", null=True, blank=True, editable=False)
    closed_on = models.DateField("封闭停用日期", null=True, blank=True, db_index=True, help_text="在用的不填")

    class Meta(Entry.Meta):
        verbose_name = "校园出入口"
        constraints = [unique("alarms_entrance_once", "org title", "本校已有同名的出入口")]

    def clean(self) -> None:
        """Closed by today, if at all."""
        if self.closed_on and self.closed_on > clock.today():
            raise ValidationError({"closed_on": "停用日期不能晚于今天"})

    @property
    def lacks(self) -> list[str]:
        """What the duty room of an entrance in use lacks, in words; the photo comes last."""
        if self.closed_on:
            return []
        wanted = (
            ("没有门卫值班室", self.room == "none"), ("值班室没有人员", not self.room_staff),
            ("没有报警设备", not self.alarm), ("没有通讯设备", not self.comms),
            ("没有照片", not self.met_on),
        )  # fmt: skip
        return [words for words, lacking in wanted if lacking]

    def open_to(self, person_class: str, at: datetime) -> bool:
        """Whether such a person may pass at that moment; nothing is judged where no times are laid down."""
        local = at.astimezone(clock.zone())
        if self.closed_on:
            return local.date() < self.closed_on
        rows = list(self.openings.filter(archived_at=None))
        return all(row.exceptional for row in rows) or any(row.covers(person_class, local) for row in rows)


class Opening(Entry):
    """A span of the day in which people may pass: every such day, or once and allowed by somebody (``day``)."""

    KINDS = [("regular", "日常开放"), ("exception", "例外放行")]
    DAYS = [("all", "每天"), ("work", "工作日"), ("rest", "休息日")]

    entrance = models.ForeignKey(Entrance, models.PROTECT, related_name="openings", verbose_name="出入口")
    kind = models.CharField("类别", max_length=10, choices=KINDS, default="regular", db_index=True)
    who = models.CharField("允许通行", max_length=8, choices=[("all", "所有人员"), *HOLDERS], default="all")
    days = models.CharField("适用日期", max_length=4, choices=DAYS, default="all", db_index=True)
    starts = models.TimeField("开始时间")
    ends = models.TimeField("结束时间")
    day = models.DateField("放行日期", null=True, blank=True, db_index=True, help_text="例外放行要填")
    approver = person_field("批准人", help_text="例外放行要填")
    reason = models.CharField("事由", max_length=120, blank=True, help_text="例外放行要填")

    class Meta(Entry.Meta):
        verbose_name = "出入口开放时间"
        ordering = ["entrance", "kind", "day", "starts"]

    def __str__(self) -> str:
        day = self.day or self.get_days_display()
        return f"{day} {self.starts:%H:%M} 至 {self.ends:%H:%M}"

    @property
    def exceptional(self) -> bool:
        """Allowed once only."""
        return self.kind == "exception"

    def clean(self) -> None:
        """An exception has its day, its reason and somebody of the school who allowed it."""
        faults: dict[str, str] = {}
        if self.entrance.org_id != self.org_id:
            faults["entrance"] = "只能选本校的出入口"
        if self.starts >= self.ends:
            faults["ends"] = "结束时间要晚于开始时间；跨过零点的分两条登记"
        if self.exceptional:
            said = {"day": "放行日期", "approver": "批准人", "reason": "事由"}
            faults |= {
                name: f"例外放行要写明{words}" for name, words in said.items() if not getattr(self, name)
            }
        elif self.day:
            faults["day"] = "日常开放不填日期；只放行一天的选“例外放行”"
        if self.approver and self.approver.org_id != self.org_id:
            faults["approver"] = "批准人要是本校人员"
        if faults:
            raise ValidationError(faults)

    def covers(self, person_class: str, local: datetime) -> bool:
        """Whether it lets such a person pass at that local time."""
        today = local.date()
        fitting = self.days == "all" or (self.days == "work") == is_working_day(today)
        right_day = self.day == today if self.exceptional else fitting
        now = local.time().replace(second=0, microsecond=0)
        return right_day and self.who in ("all", person_class) and self.starts <= now <= self.ends


def entrance_at(unit: Any, *names: str) -> Entrance | None:
    """The entrance of the unit with one of these names; the first name that is known counts."""
    rows = Entrance.objects.unscoped().filter(org=unit, title__in=[name for name in names if name])
    found = {row.title: row for row in rows.filter(archived_at=None)}
    return next((found[name] for name in names if name in found), None)


def unmet() -> Q:
    """Condition on entrances: in use, and its duty room lacks something."""
    poor = Q(room="none") | Q(room_staff=0) | Q(alarm=False) | Q(comms=False) | Q(met_on=None)
    return poor & Q(closed_on=None, archived_at=None)


def passed_though_closed(passings: Any) -> Q:
    """Condition on entrances: somebody went through since it was closed."""
    through = passings.filter(entrance=OuterRef("pk"), refused=False, archived_at=None)
    return Q(Exists(through.filter(at__date__gte=OuterRef("closed_on"))), closed_on__isnull=False)
