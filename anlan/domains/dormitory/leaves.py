"""Boarders' leave with the guardian's consent, and visitors (D17.6)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.dormitory.boarders import Boarder
from anlan.domains.dormitory.buildings import Building
from anlan.domains.dormitory.rules import rules_at
from anlan.engines.audit.api import Actor, change
from anlan.engines.registry.api import Entry
from anlan.kernel import clock
from anlan.kernel.identifiers import mobile_fault

KINDS = [("home", "离校回家"), ("out", "临时外出"), ("ill", "就医")]
CONSENTS = [("", "未取得"), ("call", "电话同意"), ("paper", "书面同意"), ("fetched", "监护人来接")]


class Leave(Entry):
    """Leave of a boarder from ``starts_at`` until ``back_by``; it is approved by being registered."""

    boarder = models.ForeignKey(Boarder, models.PROTECT, related_name="leaves", verbose_name="学生")
    kind = models.CharField("去向", max_length=4, choices=KINDS, default="home", db_index=True)
    reason = models.CharField("事由", max_length=120)
    consent = models.CharField("监护人意见", max_length=7, choices=CONSENTS, blank=True, db_index=True)
    starts_at = models.DateTimeField("离开时间", db_index=True)
    back_by = models.DateTimeField("应返时间", db_index=True)
    back_at = models.DateTimeField("返回时间", null=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "学生外出"
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return str(self.boarder)

    def clean(self) -> None:
        """Refuse leave without consent where it is needed, a reversed time, a pupil of another school."""
        faults: dict[str, str] = {}
        if self.boarder.org_id != self.org_id:
            faults["boarder"] = "只能选本校学生"
        if self.back_by <= self.starts_at:
            faults["back_by"] = "应返时间要晚于离开时间"
        if not self.consent and rules_at(self.org).consent == "yes":
            faults["consent"] = "须先取得监护人同意"
        if faults:
            raise ValidationError(faults)


def covers(moment: datetime) -> Q:
    """Condition on leaves: the boarder was allowed to be away at that time."""
    there = Q(back_at=None) | Q(back_at__gt=moment)
    return there & Q(starts_at__lte=moment, back_by__gte=moment, archived_at=None)


def not_back() -> Q:
    """Condition: out beyond the time of return."""
    return Q(back_at=None, back_by__lt=clock.now())


def come_back(actor: Actor, leave: Leave) -> Leave:
    """The boarder is back; Conflict where this was written down already."""
    return change(actor, leave, {"back_at": clock.now()}, action="back", expect=Q(back_at=None))


class Visit(Entry):
    """A visitor to a dormitory building."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="visits", verbose_name="宿舍楼")
    visitor = models.CharField("访客", max_length=40)
    phone = models.CharField("访客电话", max_length=20, blank=True)
    boarder = models.ForeignKey(
        Boarder, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="探访学生"
    )
    reason = models.CharField("事由", max_length=120)
    came_at = models.DateTimeField("进入时间", default=clock.now, db_index=True)
    left_at = models.DateTimeField("离开时间", null=True, editable=False)
    leave_by = models.DateTimeField("应离开时间", editable=False, db_index=True)
    warned_at = models.DateTimeField("超时提醒时间", null=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "宿舍访客"
        ordering = ["-came_at"]

    def __str__(self) -> str:
        return f"{self.building} {self.came_at.astimezone(clock.zone()):%m-%d %H:%M}"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Until when the visitor may stay follows from the rules."""
        if self.came_at and self.org_id:
            day = self.came_at.astimezone(clock.zone()).date()
            self.leave_by = max(rules_at(self.org).visitors_leave(day), self.came_at)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse strangers' buildings and pupils, times to come, numbers that cannot be."""
        faults: dict[str, str] = {}
        if self.building.org_id != self.org_id:
            faults["building"] = "只能选本校的宿舍楼"
        if self.boarder and self.boarder.org_id != self.org_id:
            faults["boarder"] = "只能选本校学生"
        if self.phone and (fault := mobile_fault(self.phone)):
            faults["phone"] = fault
        if self.came_at > clock.now():
            faults["came_at"] = "进入时间不能晚于现在"
        if faults:
            raise ValidationError(faults)


def overstayed() -> Q:
    """Condition: a visitor who has not signed out by the time of closing."""
    return Q(left_at=None, leave_by__lt=clock.now(), archived_at=None)


def sign_out(actor: Actor, visit: Visit) -> Visit:
    """The visitor has left; Conflict where this was written down already."""
    return change(actor, visit, {"left_at": clock.now()}, action="sign_out", expect=Q(left_at=None))
