"""Technical protection posts, and their roster: who lacks a valid qualification is warned of, not refused (N1.23)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.base.rostering import Scheme, Shift, declare_scheme
from anlan.domains.site_security.operators import Qualification, valid_on
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, Ledger, ledger, unique
from anlan.kernel import clock

ONE = timedelta(days=1)


class TechPost(Entry):
    """A shift of a technical protection post that is manned every day, as the monitoring room at night."""

    name = models.CharField("岗位班次", max_length=40, help_text="如：监控室夜班")
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间", help_text="不晚于开始时间的，到第二天")
    members = models.PositiveSmallIntegerField(
        "应到人数", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    class Meta(Entry.Meta):
        verbose_name = "技防岗位"
        ordering = ["org__path", "begins_at"]
        constraints = [unique("site_security_tech_post_once", "org name", "本校已有这个岗位班次")]

    def on(self, day: date) -> Shift:
        """The shift of one day."""
        begins, ends = (datetime.combine(day, at, clock.zone()) for at in (self.begins_at, self.ends_at))
        return Shift(day, self.name, begins, ends if ends > begins else ends + ONE, 0, self.members)


@ledger
class TechPosts(Ledger):
    """Posts; the roster of technical posts must man each of them every day."""

    code = "site_security.tech_posts"
    model = TechPost
    title, noun, icon = "技防岗位", "班", "clock"
    area, group, order = "safety", "技防设备", 291
    columns = "name begins_at ends_at members org"
    filters, search, key, form = "org", "name org__name", "org name", "org name begins_at ends_at members"
    photos = ""
    example = {"name": "监控室夜班", "begins_at": "18:00", "ends_at": "08:00", "members": 1}
    roles = KEPT_BY_SCHOOL


def post_shifts(units: Sequence[OrgUnit], first: date, last: date) -> dict[int, list[Shift]]:
    """What must be manned at each school between two days."""
    found: dict[int, list[Shift]] = defaultdict(list)
    days = [first + number * ONE for number in range((last - first).days + 1)]
    for post in (
        TechPost.objects.unscoped().filter(org__in=units, archived_at=None).order_by("begins_at", "pk")
    ):
        found[post.org_id] += [post.on(day) for day in days]
    return dict(found)


def unqualified() -> Q:
    """Condition on turns of a roster: no qualification of the person holds on the day."""
    held = Qualification.unguarded.filter(valid_on(OuterRef("watch__day")), person=OuterRef("person"))
    return ~Q(Exists(held))


TECHNICAL = declare_scheme(
    Scheme("technical", "技防岗位", post_shifts, unproved=unqualified, proof="技防岗位资质")
)
