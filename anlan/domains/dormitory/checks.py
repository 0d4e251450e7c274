"""Checks of rooms and buildings; what was found becomes a hazard, or was put right on the spot (D17.5)."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.base.derived_grants import LOADING
from anlan.base.found import Filed, Found
from anlan.domains.dormitory.buildings import Building, Room, in_use
from anlan.domains.dormitory.rules import DEFAULTS, RuleBook, rules_at
from anlan.engines.audit.api import Actor, Written, change
from anlan.engines.files.api import attachments_of
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

SHIFTS = [("day", "白天"), ("night", "夜间")]
FOUND = {
    "exit_locked": ("安全出口锁闭或堵塞", "fire"),
    "appliance": ("违规用电器", "fire"),
    "wiring": ("用电线路问题", "fire"),
    "fire": ("消防设施问题", "fire"),
    "window": ("门窗护栏问题", "facility"),
    "structure": ("房屋结构问题", "facility"),
    "banned": ("管制刀具等违禁物品", "violence"),
    "hygiene": ("卫生问题", "health"),
}
ALWAYS = ("exit_locked", "structure")


def finding(title: str) -> Any:
    """Something that may be found."""
    return models.BooleanField(title, default=False)


class RoomCheck(Entry):
    """One check of a room, or without a room of the building itself."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="checks", verbose_name="宿舍楼")
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="房间"
    )
    day = models.DateField("检查日期", default=clock.today, db_index=True)
    shift = models.CharField("时段", max_length=5, choices=SHIFTS, default="day", db_index=True)
    exit_locked = finding(FOUND["exit_locked"][0])
    appliance = finding(FOUND["appliance"][0])
    wiring = finding(FOUND["wiring"][0])
    fire = finding(FOUND["fire"][0])
    window = finding(FOUND["window"][0])
    structure = finding(FOUND["structure"][0])
    banned = finding(FOUND["banned"][0])
    hygiene = finding(FOUND["hygiene"][0])
    note = models.CharField("情况说明", max_length=300, blank=True)
    handled = models.CharField(
        "当场处理", max_length=200, blank=True, help_text="当场处理了的写明怎样处理；没有写的转为隐患"
    )
    concluded_at = models.DateTimeField("办结时间", null=True, editable=False)
    url = models.CharField("隐患", max_length=200, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "宿舍检查"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.room or self.building} {self.day:%m-%d}"

    def clean(self) -> None:
        """Refuse strangers' places, days to come, findings without words."""
        faults: dict[str, str] = {}
        if self.building.org_id != self.org_id:
            faults["building"] = "只能选本校的宿舍楼"
        elif self.room and self.room.building_id != self.building_id:
            faults["room"] = "房间不在这栋楼"
        if self.day > clock.today():
            faults["day"] = "检查日期不能晚于今天"
        if self.found() and not self.note.strip():
            faults["note"] = "发现问题要写明情况"
        if faults:
            raise ValidationError(faults)

    def found(self) -> list[str]:
        """Codes of what was found, the gravest first."""
        return [name for name in FOUND if getattr(self, name)]

    def for_hazard(self) -> list[str]:
        """Of these, what becomes a hazard: a locked exit always, appliances where so laid down, else what stays."""
        strict = (*ALWAYS, *(["appliance"] if rules_at(self.org).appliance_hazard == "yes" else []))
        return [
            name
            for name in self.found()
            if name in strict or (not self.handled.strip() and name != "appliance")
        ]


@transaction.atomic
def conclude(actor: Actor, check: RoomCheck) -> str:
    """Make a hazard of what must be one, once, with the pictures; its address, or nothing.

    Rejected for an appliance without a picture.
    """
    fresh: RoomCheck = RoomCheck.objects.unscoped().select_for_update().get(pk=check.pk)
    if fresh.url:
        return fresh.url
    pictures = [one for one in attachments_of(fresh, "photo") if one.is_picture]
    if fresh.appliance and not pictures:
        raise Rejected({"": "发现违规用电器要先上传照片"})
    if names := fresh.for_hazard():
        title = f"宿舍检查：{'、'.join(FOUND[name][0] for name in names)}"
        place, category = str(fresh.room or fresh.building), category_of(names[0])
        events.publish(Found(actor, fresh, "self", title, category, fresh.note, place, pictures=pictures))
    change(actor, fresh, {"concluded_at": clock.now()}, action="conclude")
    return fresh.url


def category_of(name: str) -> str:
    """The code of the risk category of a finding."""
    return str(FOUND[name][1])


@events.on(Filed)
def link_back(event: Filed) -> None:
    """The check leads to its hazard."""
    if isinstance(event.record, RoomCheck):
        change(event.actor, event.record, {"url": event.url}, action="file")


@events.on(Written)
def file_at_once(event: Written) -> None:
    """What needs no picture becomes a hazard with the check itself."""
    check = event.record
    if not isinstance(check, RoomCheck) or event.action != "create" or event.actor.channel == LOADING:
        return
    if check.for_hazard() and not check.appliance:
        conclude(event.actor, check)


def waiting() -> Q:
    """Condition: an appliance was found, and the check still waits for its picture."""
    return Q(appliance=True, concluded_at=None, archived_at=None)


def unchecked() -> Q:
    """Condition on rooms: not checked within the period of their unit."""
    found = ~_checked(DEFAULTS.check_days)
    book = RuleBook()
    for row in book.rows:
        here = Q(org__path__startswith=row.org.path)
        found = (found & ~here) | (here & ~_checked(book.at(row.org).check_days))
    return found & in_use("building__") & Q(archived_at=None)


def _checked(days: int) -> Q:
    since = clock.today() - timedelta(days=days)
    return Q(Exists(RoomCheck.unguarded.filter(room=OuterRef("pk"), day__gt=since, archived_at=None)))
