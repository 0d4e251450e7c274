"""Checks of those on duty: schools drawn at random by a kept seed, what was found, the head told at once (S04.5)."""

from collections.abc import Sequence
from random import Random
from secrets import randbelow
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from anlan.domains.duty.rosters import OUT, Watch
from anlan.domains.duty.serving import heads_of
from anlan.engines.audit.api import Actor, Written, change, create_all
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.org.api import OrgUnit, declare_permission
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock, events

WAYS = [("call", "电话"), ("video", "视频"), ("position", "定位")]
REACHED, NOT_REACHED = "reached", "not_reached"
RESULTS = [(REACHED, "在岗"), ("absent", "他人代岗"), (NOT_REACHED, "联系不上")]
BIGGEST = 2**31
declare_permission("duty.checks.answer", "值班抽查：接收未在岗提醒", ("school_head",))
declare_event(
    "duty.not_reached", "duty", "值班抽查联系不上：{school}", "{by} {at} 抽查（{way}）{shift}，没有联系上，请核实。",
    channels="sms wechat", urgent=True,
)  # fmt: skip


def new_seed() -> int:
    """Where the draw begins; kept, so that anybody can draw again and find the same schools."""
    return randbelow(BIGGEST)


class Draw(Entry):
    """A draw of ``number`` schools below ``org`` among those on duty at the moment ``drawn_at``."""

    way = models.CharField("方式", max_length=10, choices=WAYS, default="call", db_index=True)
    number = models.PositiveSmallIntegerField(
        "抽查几所", default=5, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    town = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="只抽这个镇街",
        limit_choices_to={"kind": "township"},
    )  # fmt: skip
    drawn_at = models.DateTimeField("抽取时间", default=clock.now, editable=False, db_index=True)
    seed = models.PositiveIntegerField("随机种子", default=new_seed, editable=False)
    among = models.PositiveIntegerField("从几所中抽", default=0, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "值班抽查"
        ordering = ["-drawn_at"]

    def __str__(self) -> str:
        return f"{self.drawn_at.astimezone(clock.zone()):%m月%d日 %H:%M} {self.get_way_display()}抽查"

    def clean(self) -> None:
        """Only the own towns."""
        if self.town and not self.town.path.startswith(self.org.path):
            raise ValidationError({"town": "只能选本单位的镇街"})


class Check(Entry):
    """A school drawn, the shift that was on, and what the check found."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="checks", verbose_name="抽查")
    watch = models.ForeignKey(Watch, models.PROTECT, related_name="checks", verbose_name="班次")
    way = models.CharField("方式", max_length=10, choices=WAYS, db_index=True)
    result = models.CharField("结果", max_length=12, choices=RESULTS, blank=True, db_index=True)
    note = models.CharField("情况", max_length=300, blank=True)
    checked_at = models.DateTimeField("抽查时间", null=True, blank=True, db_index=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="抽查人"
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "抽查结果"
        ordering = ["-pk"]
        constraints = [unique("duty_check_once", "draw watch", "这一班已在这次抽查中")]

    def __str__(self) -> str:
        return f"{self.org} {self.watch}"


def on_duty(at: Any) -> Q:
    """Condition on shifts: of a roster that is out, and on at the moment; at the moment of change the next one is."""
    return Q(begins_at__lte=at, ends_at__gt=at, roster__state__in=OUT, archived_at=None)


def watches_on(draw: Draw) -> list[list[Watch]]:
    """Shifts on at the moment of the draw, school by school in the order of the tree."""
    path = draw.town.path if draw.town else draw.org.path
    rows = Watch.objects.unscoped().filter(on_duty(draw.drawn_at), org__path__startswith=path)
    by_school: dict[int, list[Watch]] = {}
    for watch in rows.select_related("org", "place").order_by("org__path", "begins_at", "pk"):
        by_school.setdefault(watch.org_id, []).append(watch)
    return list(by_school.values())


def chosen(schools: Sequence[list[Watch]], number: int, seed: int) -> list[list[Watch]]:
    """The schools the seed draws: the same ones every time."""
    return Random(seed).sample(schools, min(number, len(schools)))  # noqa: S311 - to be repeated, not to be secret


@events.on(Written)
def draw_schools(event: Written) -> None:
    """A stored draw has its checks in the same transaction: every shift on at the schools drawn."""
    draw = event.record
    if not isinstance(draw, Draw) or event.action != "create":
        return
    schools = watches_on(draw)
    change(event.actor, draw, {"among": len(schools)}, action="draw")
    create_all(
        event.actor,
        [
            Check(org=watch.org, draw=draw, watch=watch, way=draw.way)
            for watches in chosen(schools, draw.number, draw.seed)
            for watch in watches
        ],
    )


@transaction.atomic
def record(actor: Actor, check: Check, result: str, note: str = "") -> Check:
    """Write down what was found, once; the school's head is told at once where nobody was reached."""
    values = {"result": result, "note": note, "checked_at": clock.now(), "checked_by": actor.user}
    change(actor, check, values, action="check", expect=Q(result=""))
    if result == NOT_REACHED:
        said = {
            "school": str(check.org), "by": str(check.draw.org), "way": check.get_way_display(),
            "shift": str(check.watch), "at": f"{clock.now().astimezone(clock.zone()):%H:%M}",
        }  # fmt: skip
        send("duty.not_reached", heads_of(check.org), check, key=f"duty.not_reached:{check.pk}", context=said)
    return check
