"""The safety organisation of a unit as a tree of bodies with members; every former shape can be shown (S05.1)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.base.people import Person, PersonLeft
from anlan.engines.audit.api import Actor, Written, change, create
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

KINDS = [
    ("leading", "领导小组"),
    ("office", "安全办公室"),
    ("special", "专项工作组"),
    ("grade", "年级"),
    ("class", "班级"),
    ("other", "其他"),
]
PARTS = [("head", "组长"), ("deputy", "副组长"), ("member", "成员")]
RANK = {part: number for number, (part, _) in enumerate(PARTS)}


def at(day: date, prefix: str = "") -> Q:
    """In force on a day; a row ended on a day is not in force on it."""
    over = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gt": day})
    return over & Q(**{f"{prefix}starts_on__lte": day})


class Body(Record):
    """A leading group, an office, a group for fire or food, a grade; ``parent`` is where it stands now."""

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=KINDS, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级机构"
    )
    duty = models.TextField("职责", blank=True)
    starts_on = models.DateField("成立日期", default=clock.today)
    ends_on = models.DateField("撤销日期", null=True, editable=False, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "安全机构"
        ordering = ["org__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="organisation_body_once",
                condition=Q(ends_on=None, archived_at=None),
                violation_error_message="已有同名的机构",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/organisation/bodies/{self.pk}/"

    def clean(self) -> None:
        """Refuse a body under itself, under one of another unit, or under one that has ended."""
        above = self.parent
        if above and above.org_id != self.org_id:
            raise ValidationError({"parent": "只能放在本单位的机构之下"})
        if above and above.ends_on:
            raise ValidationError({"parent": "上级机构已撤销"})
        while above:
            if above.pk == self.pk:
                raise ValidationError({"parent": "机构不能放在自己之下"})
            above = above.parent


class Placement(models.Model):
    """Where a body stood from when to when."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]


class Seat(Record):
    """A person in a body for a period; the unit is the body's."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name="机构")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="人员")
    part = models.CharField("身份", max_length=8, choices=PARTS, default="member", db_index=True)
    starts_on = models.DateField("起", default=clock.today)
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "机构成员"
        ordering = ["org__path", "body", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"],
                name="organisation_seat_once",
                condition=Q(ends_on=None, archived_at=None),
                violation_error_message="此人已在这个机构中",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_part_display()}"

    def clean(self) -> None:
        """Refuse persons who left or of another unit, bodies that ended, reversed periods."""
        faults: dict[str, str] = {}
        if self.person.archived_at and not self.ends_on:
            faults["person"] = "此人已离岗"
        elif self.person.org_id != self.body.org_id:
            faults["person"] = "只能选本单位人员"
        if self.body.ends_on and not self.ends_on:
            faults["body"] = "机构已撤销"
        elif self.org_id != self.body.org_id:
            faults["body"] = "只能选本单位的机构"
        if self.ends_on and self.ends_on < self.starts_on:
            faults["ends_on"] = "止期不能早于起期"
        if faults:
            raise ValidationError(faults)


@events.on(Written)
def keep_placement(event: Written) -> None:
    """A new body has its first place; one moved ends the former place the day it gets the next."""
    body = event.record
    if not isinstance(body, Body) or (event.action != "create" and "parent" not in event.after):
        return
    if event.action == "create":
        Placement.objects.create(body=body, parent=body.parent, starts_on=body.starts_on)
    elif event.before["parent"] != event.after["parent"]:
        today = clock.today()
        Placement.objects.filter(body=body, ends_on=None).update(ends_on=today)
        Placement.objects.create(body=body, parent=body.parent, starts_on=today)


@transaction.atomic
def end_body(actor: Actor, body: Body) -> Body:
    """The body exists no longer from today; Conflict while it has members or parts."""
    today = clock.today()
    sitting = Seat.objects.unscoped().filter(at(today), body=body, archived_at=None).count()
    parts = Body.objects.unscoped().filter(parent=body, ends_on=None, archived_at=None).count()
    if sitting or parts:
        raise Conflict(f"还有 {sitting} 名成员、{parts} 个下级机构，请先调整")
    change(actor, body, {"ends_on": today}, action="end", expect=Q(ends_on=None))
    Placement.objects.filter(body=body, ends_on=None).update(ends_on=today)
    return body


def seat(actor: Actor, body: Body, person: Person, part: str = "member") -> Seat:
    """Put a person into a body from today."""
    return create(actor, Seat(org=body.org, body=body, person=person, part=part))


@events.on(PersonLeft)
def vacate_seats(event: PersonLeft) -> None:
    """Who left sits nowhere any more."""
    for one in Seat.objects.unscoped().filter(person=event.person, ends_on=None, archived_at=None):
        change(event.actor, one, {"ends_on": max(clock.today(), one.starts_on)}, action="end")


def chart(unit: OrgUnit, day: date) -> list[dict[str, Any]]:
    """The tree of a unit on a day: bodies at the top, each with ``body``, ``seats`` and ``parts``."""
    placed = Placement.objects.filter(at(day), body__org=unit, body__archived_at=None).select_related("body")
    sitting = Seat.objects.unscoped().filter(at(day), org=unit, archived_at=None).select_related("person")
    nodes: dict[int, dict[str, Any]] = {
        row.body_id: {"body": row.body, "seats": [], "parts": [], "under": row.parent_id} for row in placed
    }
    for one in sorted(sitting, key=lambda one: (RANK[one.part], one.pk)):
        if one.body_id in nodes:
            nodes[one.body_id]["seats"].append(one)
    tops = []
    for node in nodes.values():
        nodes[node["under"]]["parts"].append(node) if node["under"] in nodes else tops.append(node)
    return tops
