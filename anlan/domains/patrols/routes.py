"""Routes of a school, their points, and the stamps people make at them (S08.2, N1.19)."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from secrets import token_urlsafe

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.engines.org.api import Record

TIMES = re.compile(r"([01]\d|2[0-3]):[0-5]\d( ([01]\d|2[0-3]):[0-5]\d)*")


def new_token() -> str:
    """What the label of a point says; not to be guessed."""
    return token_urlsafe(9)


class Route(Record):
    """A route of a school (``org``), walked in rounds between two times of a day.

    Without ``starts`` the ``daily`` rounds lie evenly between the two times; a round is over ``limit_minutes``
    after it begins, else when its stretch of the day is.
    """

    name = models.CharField("路线名称", max_length=40)
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("截止时间")
    ordered = models.BooleanField("必须按顺序打卡", default=False)
    daily = models.PositiveSmallIntegerField(
        "每天几轮", default=5, validators=[MinValueValidator(1), MaxValueValidator(48)]
    )
    starts = models.CharField(
        "各轮开始时间", max_length=300, blank=True, help_text="如 07:00 12:00 18:00；不填的，按轮数平均安排"
    )
    limit_minutes = models.PositiveSmallIntegerField(
        "每轮限时（分钟）", null=True, blank=True, validators=[MinValueValidator(1)],
        help_text="不填的，到下一轮开始前走完即可",
    )  # fmt: skip
    least_minutes = models.PositiveSmallIntegerField(
        "两点之间至少几分钟", default=1, help_text="走得更快的，这一轮标为过快；填 0 的不查"
    )
    trusted_minutes = models.PositiveIntegerField(
        "打卡后多少分钟内要传到", default=60, validators=[MinValueValidator(1), MaxValueValidator(10080)],
        help_text="更晚传到的，时间无法证实，标为存疑；没有网络的学校可以放宽",
    )  # fmt: skip
    school_days = models.BooleanField("只在上学日巡查", default=False)
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
        """A walk ends after it begins; rounds begin one after the other between the two."""
        if not (self.begins_at and self.ends_at):
            return
        if self.ends_at <= self.begins_at:
            raise ValidationError({"ends_at": "截止时间要晚于开始时间"})
        if self.starts and not TIMES.fullmatch(self.starts):
            raise ValidationError({"starts": "请填 07:00 12:00 这样的时间，用空格隔开"})
        said = [self.begins_at, *self.times(), self.ends_at]
        if said[0] > said[1] or not all(one < other for one, other in pairwise(said[1:])):
            named = "starts" if self.starts else "daily"
            raise ValidationError({named: "各轮要从早到晚，在开始时间和截止时间之间"})

    def times(self) -> list[time]:
        """When the rounds of a day begin."""
        if TIMES.fullmatch(self.starts):
            return [time.fromisoformat(words) for words in self.starts.split()]
        first, last = (datetime.combine(date.min, at) for at in (self.begins_at, self.ends_at))
        step = timedelta(minutes=int((last - first).total_seconds() // 60 // self.daily))
        return [(first + number * step).time() for number in range(self.daily)]


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
        "允许距离（米）", default=100, validators=[MinValueValidator(10), MaxValueValidator(1000)]
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
        READER = "reader", "巡查器"

    class Place(models.TextChoices):
        """What the position says."""

        NEAR = "near", "在点位"
        AWAY = "away", "不在点位"
        UNKNOWN = "unknown", "无定位"

    class Standing(models.TextChoices):
        """Whether it counts; what is doubtful does not, until somebody looked into it."""

        COUNTED = "counted", "有效"
        DOUBTFUL = "doubtful", "存疑"
        ACCEPTED = "accepted", "核实有效"
        REFUSED = "refused", "核实无效"

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
    standing = models.CharField(
        "是否计入", max_length=8, choices=Standing.choices, default=Standing.COUNTED, db_index=True
    )
    doubt = models.CharField("存疑原因", max_length=100, blank=True)
    judged_note = models.CharField("核实情况", max_length=200, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )  # fmt: skip
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

    @property
    def counts(self) -> bool:
        """Whether the point was reached by it."""
        return self.standing in (self.Standing.COUNTED, self.Standing.ACCEPTED)


passes_on(Route, "walkers")
