"""Shifts at the posts of a school, as gate duty when pupils come and go (D15.4)."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.base.rostering import Shift
from anlan.domains.guards.gear import Post
from anlan.engines.registry.api import Entry, Ledger, ledger, unique
from anlan.kernel import clock

EVERY, TAUGHT, FREE = "every", "taught", "free"
DAYS = [(EVERY, "每天"), (TAUGHT, "上学日"), (FREE, "不上学的日子")]
ONE = timedelta(days=1)


class PostShift(Entry):
    """A shift of a post: who must stand there on which days, as gate duty when pupils come and go."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="shifts", verbose_name="岗位")
    name = models.CharField("班次", max_length=20)
    days = models.CharField("哪些日子", max_length=8, choices=DAYS, default=EVERY, db_index=True)
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间", help_text="不晚于开始时间的，到第二天")
    members = models.PositiveSmallIntegerField(
        "应到人数", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    class Meta(Entry.Meta):
        verbose_name = "岗位班次"
        ordering = ["org__path", "post", "begins_at"]
        constraints = [unique("guards_shift_once", "post name", "这个岗位已有同名班次")]

    def __str__(self) -> str:
        return f"{self.post} {self.name}"

    def clean(self) -> None:
        """At a post of the school."""
        if self.post.org_id != self.org_id:
            raise ValidationError({"post": "只能选本校的岗位"})

    def on(self, day: date) -> Shift:
        """The shift of one day."""
        begins, ends = (datetime.combine(day, at, clock.zone()) for at in (self.begins_at, self.ends_at))
        return Shift(day, str(self), begins, ends if ends > begins else ends + ONE, 0, self.members)


@ledger
class PostShifts(Ledger):
    """Shifts of the posts; the guards' roster must man each of them."""

    model = PostShift
    title, noun, area, group, order = "岗位班次", "班", "upkeep", "保安", 612
    columns = "post name days begins_at ends_at members org"
    filters, search, key = "org post days", "post__name name org__name", "post name"
    photos = ""
    form = "org post name days begins_at ends_at members"
    example = {"name": "早高峰", "days": "taught", "begins_at": "07:00", "ends_at": "08:10", "members": 2}
    roles = KEPT_BY_SCHOOL
