"""Routes of a school, their points, and the stamps people make at them (S08.2)."""

from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import Record
from anlan.kernel import clock


def new_token() -> str:
    """What the label of a point says; not to be guessed."""
    return token_urlsafe(9)


class Route(Record):
    """A route of a school (``org``), walked every day between two times."""

    name = models.CharField("路线名称", max_length=40)
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("截止时间")
    ordered = models.BooleanField("必须按顺序打卡", default=False)
    walkers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="patrol_routes", blank=True, verbose_name="巡查人员"
    )

    class Meta(Record.Meta):
        verbose_name = "巡查路线"
        ordering = ["org__path", "begins_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="patrols_route_once",
                condition=Q(archived_at=None),
                violation_error_message="已有同名路线",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The route's page."""
        return f"/patrols/routes/{self.pk}/"

    def clean(self) -> None:
        """A walk ends after it begins."""
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            raise ValidationError({"ends_at": "截止时间要晚于开始时间"})

    def deadline(self, day: date) -> datetime:
        """Until when the points of that day are in time."""
        return datetime.combine(day, self.ends_at, clock.zone())


class Point(Record):
    """A point of a route with the label hung there; ``radius`` in metres.

    The position is what phones measure, in degrees of WGS 84 (CGCS 2000 lies within a metre of it).
    """

    route = models.ForeignKey(Route, models.PROTECT, related_name="points", verbose_name="路线")
    number = models.PositiveSmallIntegerField("顺序", validators=[MinValueValidator(1)])
    name = models.CharField("点位", max_length=40)
    token = models.CharField("标签码", max_length=20, unique=True, default=new_token, editable=False)
    latitude = models.FloatField(
        "纬度",
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="手机定位所用的坐标（WGS 84 或国家大地 2000）；网上地图的坐标有偏移，要先换算",
    )
    longitude = models.FloatField(
        "经度", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    radius = models.PositiveSmallIntegerField(
        "允许距离（米）", default=60, validators=[MinValueValidator(10), MaxValueValidator(1000)]
    )

    class Meta(Record.Meta):
        verbose_name = "巡查点位"
        ordering = ["route", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "number"],
                name="patrols_point_once",
                condition=Q(archived_at=None),
                violation_error_message="这条路线上已有这个顺序号",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def clean(self) -> None:
        """Within the route's school; both coordinates or none."""
        if self.route_id and self.org_id and self.route.org_id != self.org_id:
            raise ValidationError({"route": "只能选本校的路线"})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": "经度、纬度要一起填写"})


class Stamp(Record):
    """Somebody was at a point: ``at`` by the phone, ``created_at`` when it reached the server."""

    OWNER = "person"

    class Way(models.TextChoices):
        """How it was shown."""

        LABEL = "label", "扫标签"
        POSITION = "position", "定位"

    class Place(models.TextChoices):
        """What the position says."""

        NEAR = "near", "在点位"
        AWAY = "away", "不在点位"
        UNKNOWN = "unknown", "无定位"

    route = models.ForeignKey(Route, models.PROTECT, related_name="stamps", verbose_name="路线")
    point = models.ForeignKey(Point, models.PROTECT, related_name="stamps", verbose_name="点位")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="巡查人"
    )
    day = models.DateField("日期", db_index=True)
    at = models.DateTimeField("打卡时间")
    way = models.CharField("打卡方式", max_length=8, choices=Way.choices, default=Way.LABEL)
    late = models.BooleanField("迟到", default=False)
    place = models.CharField("定位核对", max_length=8, choices=Place.choices)
    metres = models.PositiveIntegerField("距点位（米）", null=True, blank=True)
    fine = models.BooleanField("情况正常", default=True)
    note = models.CharField("情况说明", max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = "巡查打卡"
        ordering = ["-at"]
        indexes = [models.Index(fields=["route", "day"], name="patrols_stamp_day")]
        constraints = [
            models.UniqueConstraint(fields=["point", "person", "at"], name="patrols_stamp_once"),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.person}"

    def get_absolute_url(self) -> str:
        """The stamp's page."""
        return f"/patrols/stamps/{self.pk}/"

    def clean(self) -> None:
        """What is not fine is described."""
        if not self.fine and not self.note.strip():
            raise ValidationError({"note": "发现异常要写明情况"})


def standing(route: Route, day: date) -> list[dict[str, Any]]:
    """Each point of the route on a day: its first stamp, and whether it is done, late, missed or still open."""
    first: dict[int, Stamp] = {}
    rows = Stamp.objects.unscoped().filter(route=route, day=day).select_related("person").order_by("at")
    for stamp in rows:
        first.setdefault(stamp.point_id, stamp)
    over = clock.now() > route.deadline(day)
    found = []
    for point in Point.objects.unscoped().filter(route=route, archived_at=None).order_by("number"):
        stamp_of = first.get(point.pk)
        state = ("late" if stamp_of.late else "done") if stamp_of else ("missed" if over else "open")
        found.append({"point": point, "stamp": stamp_of, "state": state})
    return found
