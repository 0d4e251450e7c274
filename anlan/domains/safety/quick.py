"""Quick reports (随手报): anything unsafe, told from the phone in under a minute (S02)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.base.grids import Grid, area_of
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import risk_field
from anlan.engines.workflow.api import FlowRecord
from anlan.kernel import clock


class QuickKind(Record):
    """A kind of report, of a school or laid down by the bureau; confidential ones show to handlers only."""

    INHERITED = True

    title = models.CharField("类别", max_length=30)
    category = risk_field("风险类别")
    department = models.CharField("负责部门", max_length=40, blank=True, db_index=True)
    confidential = models.BooleanField("仅指定人员可见", default=False)
    retired = models.BooleanField("停用", default=False)

    class Meta(Record.Meta):
        verbose_name = "随手报类别"
        constraints = [models.UniqueConstraint(fields=["org", "title"], name="safety_quick_kind_once")]

    def __str__(self) -> str:
        return self.title


class QuickHandler(Record):
    """Who handles a kind at one school; for confidential kinds they alone may see the reports."""

    kind = models.ForeignKey(QuickKind, models.PROTECT, related_name="handlers", verbose_name="类别")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="处理人"
    )

    class Meta(Record.Meta):
        verbose_name = "随手报处理人"
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "user"], name="safety_quick_handler_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user}"


class QuickSetting(Record):
    """What a school decides about its quick reports; without one the defaults hold."""

    pupils_may = models.BooleanField("学生可以上报", default=False)
    outsiders_may = models.BooleanField("校外人员可以上报", default=False)
    limit_days = models.PositiveSmallIntegerField("受理期限（工作日）", default=1)
    points_on = models.BooleanField("启用积分", default=False)
    points_each = models.PositiveSmallIntegerField("每条有效上报积分", default=1)

    class Meta(Record.Meta):
        verbose_name = "随手报设置"
        constraints = [
            models.UniqueConstraint(
                fields=["org"], name="safety_quick_setting_once", violation_error_message="这所学校已有设置"
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} 随手报设置"

    @classmethod
    def of(cls, unit: OrgUnit) -> "QuickSetting":
        """The school's own, or the defaults."""
        return cls.objects.unscoped().filter(org=unit, archived_at=None).first() or cls(org=unit)


def handled_by(user: Any) -> Q:
    """Reports of the kinds this person was named to handle, and open kinds from the grid they keep."""
    named = QuickHandler.unguarded.filter(user=user, archived_at=None)
    kept = Grid.unguarded.filter(Q(keeper__account=user) | Q(deputy__account=user), archived_at=None)
    here = Q(kind__confidential=False, grid__in=kept)
    return here | Q(Exists(named.filter(kind=OuterRef("kind"), org=OuterRef("org"))))


class QuickReport(FlowRecord):
    """One report; the reporter may hide the own name from all but named roles.

    ``turning`` is true while a hazard or another record is made of it: those moves are made by acts only.
    """

    OWNER = "created_by"
    turning = False

    number = models.CharField("编号", max_length=24, unique=True, editable=False)
    kind = models.ForeignKey(QuickKind, models.PROTECT, related_name="+", verbose_name="类别")
    text = models.TextField("情况说明", blank=True)
    place = models.CharField("地点", max_length=80, db_index=True)
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="责任网格"
    )
    urgency = models.CharField(
        "紧急程度", max_length=6, default="normal", choices=[("normal", "一般"), ("urgent", "紧急")]
    )
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    hidden = models.BooleanField("隐藏姓名", default=False)
    result = models.TextField("处理结果", blank=True)
    opinion = models.TextField("意见", blank=True)
    handed_to = models.CharField("转办去向", max_length=20, blank=True, editable=False)
    handed_url = models.CharField(max_length=300, blank=True, editable=False)
    joined = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joins", verbose_name="并入"
    )
    hazard = models.OneToOneField(
        Hazard, models.PROTECT, null=True, blank=True, editable=False, related_name="quick_report"
    )

    class Meta(FlowRecord.Meta):
        verbose_name = "随手报"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="safety_quick_org_state"),
            models.Index(fields=["org", "created_at"], name="safety_quick_org_day"),
        ]

    def __str__(self) -> str:
        return self.text[:40] or f"{self.kind}：{self.place}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/safety/quick/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The number carries the day and the end of the uid, so that phones need no server for it."""
        if self._state.adding and self.org_id:
            self.grid = area_of(self.org, self.place)
        self.number = self.number or f"SSB{clock.today():%y%m%d}{self.uid.hex[-6:].upper()}"
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """A report joined with itself, or with one of another school, is refused."""
        if self.joined and (self.joined_id == self.pk or self.joined.org_id != self.org_id):
            raise ValidationError({"joined": "只能并入本校的另一条随手报"})

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """The usual scope, and the kinds a person was named to handle."""
        return super().scope_condition(user, found) | handled_by(user)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Confidential kinds show to their handlers and to the reporter only."""
        return rows.filter(Q(kind__confidential=False) | Q(created_by=user) | handled_by(user))

    def unsaid(self) -> frozenset[str]:
        """A hidden sender is not named in the audit trail either."""
        return frozenset({"created_by"}) if self.hidden else frozenset()

    def signing(self, actor: Actor) -> Actor:
        """What a hidden sender does is signed 匿名."""
        mine = self.hidden and actor.user is not None and actor.user.pk == self.created_by_id
        return nameless(actor) if mine else actor

    @property
    def subject(self) -> str:
        """How desks and warnings name it: a confidential one by its number only."""
        return f"保密上报 {self.number}" if self.kind.confidential else str(self)

    @property
    def reporter_shown(self) -> str:
        """The reporter's name, or 匿名 where it is hidden."""
        return "匿名" if self.hidden or self.created_by is None else self.created_by.name


class QuickAddition(Record):
    """What the reporter added to a report already taken; never edited."""

    report = models.ForeignKey(QuickReport, models.PROTECT, related_name="additions", verbose_name="随手报")
    text = models.TextField("补充内容")

    class Meta(Record.Meta):
        verbose_name = "随手报补充"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


def nameless(actor: Actor) -> Actor:
    """The same way in without person, name and address."""
    return Actor(None, "匿名", "", actor.channel)
