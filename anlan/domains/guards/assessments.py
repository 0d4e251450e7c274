"""Assessments of guards by configured items, rewards and penalties, and who is not to be hired again (D15.6)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.domains.guards.people import Guard
from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

DEFAULT_ITEMS = {"出勤": 20, "仪容仪表": 20, "履职": 30, "技能": 20, "事件处置": 10}
MERITS = [("reward", "奖励"), ("penalty", "处罚"), ("training", "培训"), ("drill", "演练")]
SEE_BARRED = "guards.barred.view"
declare_event(
    "guards.barred",
    "incident",
    "不再聘用名单上的人员被登记为保安：{name}",
    "{unit}登记了{name}，此人在不再聘用名单上。理由：{reason}",
    urgent=True,
)


class Item(Entry):
    """An item by which guards are assessed at a unit and below it, with the most points."""

    INHERITED = True

    name = models.CharField("考核项目", max_length=40)
    most = models.PositiveSmallIntegerField("满分", validators=[MinValueValidator(1)])
    order = models.PositiveSmallIntegerField("顺序", default=1)

    class Meta(Entry.Meta):
        verbose_name = "保安考核项目"
        ordering = ["order", "pk"]
        constraints = [unique("guards_item_once", "org name", "已有这个项目")]


def items_at(unit: OrgUnit) -> dict[str, int]:
    """Items in force: those of the nearest unit that has any, else the standard ones."""
    rows = Item.objects.unscoped().filter(archived_at=None, org__code__in=unit.ancestor_codes())
    found = list(rows.select_related("org").order_by("order", "pk"))
    nearest = max((row.org.path for row in found), key=len, default="")
    return {row.name: row.most for row in found if row.org.path == nearest} or DEFAULT_ITEMS


class Assessment(Entry):
    """Points of a guard on a day; ``total`` is out of a hundred."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="assessments", verbose_name="保安员")
    day = models.DateField("考核日期", db_index=True)
    points = models.JSONField("各项得分")
    total = models.DecimalField("得分（百分制）", max_digits=5, decimal_places=1)
    note = models.CharField("评语", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "保安考核"
        ordering = ["-day"]
        constraints = [unique("guards_assessment_once", "guard day", "这一天已经考核过")]


def assess(
    actor: Actor, guard: Guard, points: Mapping[str, int], note: str = "", day: Any = None
) -> Assessment:
    """Store an assessment. Rejected for an item that is lacking, and for points outside its range."""
    items = items_at(guard.org)
    wrong = {name: f"0 至 {most} 分" for name, most in items.items() if not 0 <= points.get(name, -1) <= most}
    if wrong:
        raise Rejected(wrong)
    total = Decimal(100 * sum(points[name] for name in items)) / sum(items.values())
    said = {"points": {name: points[name] for name in items}, "total": round(total, 1), "note": note}
    return create(actor, Assessment(org=guard.org, guard=guard, day=day or clock.today(), **said))


class Merit(Entry):
    """A reward, a penalty, a training or a drill of a guard."""

    guard = models.ForeignKey(Guard, models.PROTECT, related_name="merits", verbose_name="保安员")
    kind = models.CharField("类别", max_length=8, choices=MERITS, default="training", db_index=True)
    day = models.DateField("日期", db_index=True)
    what = models.CharField("内容", max_length=200)
    hours = models.PositiveSmallIntegerField("学时", default=0)

    class Meta(Entry.Meta):
        verbose_name = "保安培训奖惩"
        ordering = ["-day"]

    def clean(self) -> None:
        """Refuse the guard of another school."""
        if self.guard.org_id != self.org_id:
            raise ValidationError({"guard": "只能选本校保安员"})


class Barred(Entry):
    """A person not to be hired again in the area of ``org``, with the reason."""

    name = models.CharField("姓名", max_length=40)
    identity = models.CharField("身份证号", max_length=18)
    reason = models.CharField("理由", max_length=200)
    since = models.DateField("列入日期", default=clock.today)

    class Meta(Entry.Meta):
        verbose_name = "不再聘用人员"
        constraints = [unique("guards_barred_once", "org identity", "此人已在名单上")]


def bars(guard: Guard) -> Any:
    """The entry against this person in the guard's area, if there is one."""
    rows = Barred.objects.unscoped().filter(identity=guard.identity, archived_at=None)
    return rows.filter(org__code__in=guard.org.ancestor_codes()).select_related("org").first()


@events.on(Written)
def warn_of_barred(event: Written) -> None:
    """Those who may see the list learn at once that somebody on it was entered as a guard."""
    guard = event.record
    if not isinstance(guard, Guard) or guard.left_on or guard.archived_at:
        return
    if not ({"identity", "left_on"} & set(event.after) and (found := bars(guard))):
        return
    people = holders(guard.org, permission=SEE_BARRED)
    said = {"name": guard.name, "unit": guard.org, "reason": found.reason}
    send("guards.barred", people, guard, key=f"barred:{guard.pk}:{found.pk}", context=said)


def listed_as_barred() -> Q:
    """Condition on guards: on duty, and on a list of people not to be hired again."""
    rows = Barred.unguarded.filter(archived_at=None).values("identity")
    return Q(left_on=None, identity__in=rows)
