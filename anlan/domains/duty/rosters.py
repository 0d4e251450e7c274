"""Rosters: one per unit and period, its shifts, and who stands in each of them (S04.2)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from anlan.base.people import Person
from anlan.base.places import Place
from anlan.base.rostering import LEADER, PARTS, Scheme, schemes, titles_of_schemes
from anlan.domains.duty.day_calendar import SCHOOL
from anlan.domains.duty.periods import Period
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Entry, unique
from anlan.engines.workflow.api import FlowRecord
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from anlan.kernel.identifiers import normal_mobile, telephone_fault

DRAFT, PUBLISHED, REPORTED = "draft", "published", "reported"
OUT = (PUBLISHED, REPORTED)
PAST = "这份值班表已经发布，不能直接改；请先撤回修改，或办理换班"


class Roster(FlowRecord):
    """The roster of a unit for a period, under a scheme such as duty at school or guards at their posts."""

    scheme = models.CharField("类别", max_length=20, choices=titles_of_schemes, default=SCHOOL, db_index=True)
    period = models.ForeignKey(
        Period,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="rosters",
        verbose_name="值班时段",
    )
    title = models.CharField("值班表", max_length=60)
    first = models.DateField("起", db_index=True)
    last = models.DateField("止", db_index=True)
    place = models.CharField("值班地点", max_length=60, default="学校值班室")
    note = models.CharField("说明", max_length=200, blank=True)
    opinion = models.TextField("退回意见", blank=True)
    report_by = models.DateTimeField("上报期限", null=True, blank=True, editable=False)
    reported_at = models.DateTimeField("上报时间", null=True, blank=True, editable=False, db_index=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "值班表"
        ordering = ["-first", "org__path"]
        constraints = [unique("duty_roster_once", "org scheme first", "这一天起已有值班表")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The roster's page."""
        return f"/duty/rosters/{self.pk}/"

    @property
    def kind(self) -> Scheme:
        """The scheme it follows."""
        return schemes[self.scheme]


class Watch(Entry):
    """A shift of a roster at a campus, a post or a building: how many must stand, and how it was handed over."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="watches", verbose_name="值班表")
    day = models.DateField("日期", db_index=True)
    name = models.CharField("班次", max_length=80)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="校区"
    )
    begins_at = models.DateTimeField("开始", db_index=True)
    ends_at = models.DateTimeField("结束", db_index=True)
    leaders = models.PositiveSmallIntegerField("应带班")
    members = models.PositiveSmallIntegerField("应值班")
    reports = models.CharField("平安报送时间", max_length=60, blank=True)
    handed_at = models.DateTimeField("交班时间", null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="交班人",
    )
    handed_note = models.CharField("交接事项", max_length=300, blank=True)
    taken_at = models.DateTimeField("接班时间", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="接班人",
    )

    class Meta(Entry.Meta):
        verbose_name = "班次"
        ordering = ["begins_at", "pk"]
        indexes = [models.Index(fields=["roster", "begins_at"], name="duty_watch_of_roster")]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "day", "name", "place"],
                name="duty_watch_once",
                condition=Q(archived_at=None),
            ),
            models.UniqueConstraint(
                fields=["roster", "day", "name"],
                name="duty_watch_without_place_once",
                condition=Q(archived_at=None, place=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}" + (f" {self.place}" if self.place_id else "")

    @property
    def key(self) -> tuple[Any, str, int | None]:
        """What names it within its roster; the same as that of the shift it stands for."""
        return self.day, self.name, self.place_id

    def needed(self, part: str) -> int:
        """How many must stand in this part."""
        return self.leaders if part == LEADER else self.members

    def runs_at(self, at: datetime) -> bool:
        """Whether the shift is on; at the moment of change the next one is."""
        return self.begins_at <= at < self.ends_at


class Turn(Entry):
    """A person in a shift; times are the shift's, ``account`` is the person's and owns the row."""

    OWNER = "account"

    roster = models.ForeignKey(
        Roster, models.PROTECT, editable=False, related_name="turns", verbose_name="值班表"
    )
    watch = models.ForeignKey(Watch, models.PROTECT, related_name="turns", verbose_name="班次")
    part = models.CharField("身份", max_length=8, choices=PARTS, default="member", db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="duty_turns", verbose_name="值班人")
    phone = models.CharField("联系电话", max_length=20, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="账号",
    )
    begins_at = models.DateTimeField("开始", editable=False, db_index=True)
    ends_at = models.DateTimeField("结束", editable=False)
    in_at = models.DateTimeField("签到时间", null=True, blank=True, editable=False)
    in_place = models.CharField(
        "签到位置",
        max_length=8,
        choices=[("near", "在校"), ("away", "不在学校范围"), ("unknown", "无定位")],
        blank=True,
        editable=False,
    )
    in_metres = models.PositiveIntegerField("距学校（米）", null=True, blank=True, editable=False)
    late = models.BooleanField("迟到", default=False, editable=False, db_index=True)
    out_at = models.DateTimeField("签退时间", null=True, blank=True, editable=False)
    alerted_at = models.DateTimeField("未签到提醒时间", null=True, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "值班安排"
        ordering = ["begins_at", "part", "pk"]
        indexes = [models.Index(fields=["person", "begins_at"], name="duty_turn_of_person")]
        constraints = [unique("duty_turn_once", "watch person", "此人已在这一班")]

    def __str__(self) -> str:
        return f"{self.watch} {self.person}"

    def prepare(self) -> None:
        """Fill what follows from shift and person."""
        if self.watch_id:
            self.roster_id = self.watch.roster_id
            self.begins_at, self.ends_at = self.watch.begins_at, self.watch.ends_at
        if self.person_id:
            self.account_id = self.person.account_id
            self.phone = normal_mobile(self.phone or self.person.phone)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the derived fields in place."""
        self.prepare()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """A shift and a person of the unit, somebody who has not left, a number that can be dialled."""
        faults: dict[str, str] = {}
        if self.watch_id and self.watch.org_id != self.org_id:
            faults["watch"] = "只能选本单位的班次"
        if self.person_id and not self.archived_at and (why := misplaced(self.person, self.watch)):
            faults["person"] = why
        if self.phone and (why := telephone_fault(self.phone)):
            faults["phone"] = why
        if faults:
            raise ValidationError(faults)


def misplaced(person: Person, watch: Watch) -> str:
    """Why the person may not stand in this shift at all; empty where they may."""
    if person.org_id != watch.org_id:
        return "只能安排本单位人员"
    if person.archived_at:
        return f"{person}已离岗"
    return watch.roster.kind.unfit(person, watch)


def clashing(person: Any, watch: Watch, besides: tuple[int, ...] = ()) -> Any:
    """Turns of the person at the same time as the shift, in any roster; touching ends do not clash."""
    rows = Turn.objects.unscoped().filter(person=person, archived_at=None).exclude(pk__in=besides)
    return rows.filter(begins_at__lt=watch.ends_at, ends_at__gt=watch.begins_at)


def touch(roster: Record, states: tuple[str, ...] = (DRAFT,)) -> None:
    """Count the roster one version on, so that whoever judges it meanwhile begins anew; Conflict in another state."""
    rows = Roster.unguarded.filter(pk=roster.pk, state__in=states, archived_at=None)
    if not rows.update(version=F("version") + 1, updated_at=clock.now()):
        raise Conflict(PAST)
