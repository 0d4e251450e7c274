"""Dormitory buildings, their rooms and beds; a room has one sex and exactly its beds (D17.1)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from anlan.base.derived_grants import LOADING
from anlan.engines.audit.api import Actor, Written, archive, change, create
from anlan.engines.org.api import Kind
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

SEXES = [("male", "男"), ("female", "女")]
FOR = [("male", "男生"), ("female", "女生"), ("both", "男女分区")]
WOMAN = "sex.2"
OCCUPIED = "床位上有人，请先换床或退宿"


def area_field() -> Any:
    """Square metres."""
    return models.DecimalField(
        "面积（㎡）", max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class Building(Entry):
    """A dormitory building of a school (``org``); ``office`` is the room of its keepers (N2.05)."""

    name = models.CharField("楼名", max_length=40)
    sex = models.CharField("入住", max_length=6, choices=FOR, default="male", db_index=True)
    area = area_field()
    facilities = models.CharField("设施", max_length=200, blank=True)
    office = models.CharField("宿管室位置", max_length=60, blank=True)
    warden = models.ForeignKey(
        "dormitory.Keeper", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责宿管员"
    )
    closed_on = models.DateField("停用日期", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "宿舍楼"
        ordering = ["org__path", "name"]
        constraints = [unique("dormitory_building_once", "org name", "本校已有同名的宿舍楼")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A building belongs to a school, and neither closes nor changes its sex over its boarders."""
        faults: dict[str, str] = {}
        if self.org_id and self.org.kind != Kind.SCHOOL:
            faults["org"] = "宿舍楼要属于一所学校"
        if self.closed_on and self.pk and occupied_beds(room__building=self.pk).exists():
            faults["closed_on"] = "楼里还有住宿学生"
        rooms = Room.unguarded.filter(building=self.pk, archived_at=None)
        if self.pk and self.sex != "both" and rooms.exclude(sex=self.sex).exists():
            faults["sex"] = "楼里有另一性别的房间"
        if self.warden and self.warden.org_id != self.org_id:
            faults["warden"] = "只能选本校的宿管员"
        elif self.warden and self.sex == "female" and self.warden.person.sex_id != WOMAN:
            faults["warden"] = "女生宿舍楼只能由女性宿管员负责"
        if faults:
            raise ValidationError(faults)


def in_use(prefix: str = "") -> Q:
    """Condition: the building is open today."""
    return Q(**{f"{prefix}closed_on": None}) | Q(**{f"{prefix}closed_on__gt": clock.today()})


class Room(Entry):
    """A room; its beds, numbered from 1, follow ``size``."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="rooms", verbose_name="宿舍楼")
    floor = models.PositiveSmallIntegerField("楼层", validators=[MinValueValidator(1)], db_index=True)
    number = models.CharField("房号", max_length=20)
    sex = models.CharField("入住性别", max_length=6, choices=SEXES, default="male", db_index=True)
    size = models.PositiveSmallIntegerField(
        "床位数", validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    area = area_field()
    facilities = models.CharField("设施", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "宿舍房间"
        ordering = ["building", "floor", "number"]
        constraints = [unique("dormitory_room_once", "building number", "这栋楼已有这个房号")]

    def __str__(self) -> str:
        return f"{self.building} {self.number}"

    def clean(self) -> None:
        """Refuse the building of another school, the other sex, and what people who live there forbid."""
        faults: dict[str, str] = {}
        if self.building.org_id != self.org_id:
            faults["building"] = "只能选本校的宿舍楼"
        elif self.building.sex not in ("both", self.sex):
            faults["sex"] = f"这是{self.building.get_sex_display()}宿舍楼"
        faults |= self.strangers()
        if self.pk and self.archived_at and occupied_beds(room=self.pk).exists():
            faults["number"] = OCCUPIED
        if faults:
            raise ValidationError(faults)

    def strangers(self) -> dict[str, str]:
        """The fault that somebody of the other sex lives here."""
        other = "female" if self.sex == "male" else "male"
        mixed = self.pk and occupied_beds(room=self.pk, stays__boarder__sex=other).exists()
        return {"sex": "房间里住着另一性别的学生"} if mixed else {}


class Bed(Entry):
    """A bed; made and taken away with the size of its room."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="beds", verbose_name="房间")
    number = models.PositiveSmallIntegerField("床号")

    class Meta(Entry.Meta):
        verbose_name = "床位"
        ordering = ["room", "number"]
        constraints = [unique("dormitory_bed_once", "room number", "房间里已有这个床号")]

    def __str__(self) -> str:
        return f"{self.room}-{self.number}"


def occupied_beds(**said: Any) -> Any:
    """Beds somebody lives on; ``said`` speaks of the same stay."""
    return Bed.unguarded.filter(
        archived_at=None, stays__isnull=False, stays__ends_on=None, stays__archived_at=None, **said
    )


def free_beds() -> Any:
    """Beds nobody lives on, in buildings that are open."""
    there = Bed.unguarded.filter(in_use("room__building__"), archived_at=None, room__archived_at=None)
    return there.exclude(pk__in=occupied_beds().values("pk")).select_related("room__building")


@events.on(Written)
def beds_follow(event: Written) -> None:
    """The room has exactly its beds; the row of the room is locked by its own write, so nobody moves in meanwhile."""
    room = event.record
    if not isinstance(room, Room) or event.actor.channel == LOADING:
        return
    if fault := room.strangers():
        raise Rejected(fault)
    beds = list(Bed.objects.unscoped().filter(room=room, archived_at=None).order_by("number"))
    wanted = 0 if room.archived_at else room.size
    taken = {bed.number for bed in beds}
    numbers = [number for number in range(1, wanted + len(beds) + 1) if number not in taken]
    for number in numbers[: max(0, wanted - len(beds))]:
        create(event.actor, Bed(org=room.org, room=room, number=number))
    free = [bed for bed in reversed(beds) if not occupied_beds(pk=bed.pk).exists()]
    surplus = max(0, len(beds) - wanted)
    if len(free) < surplus:
        raise Rejected({"size": f"有 {len(beds) - len(free)} 张{OCCUPIED}"})
    for bed in free[:surplus]:
        archive(event.actor, bed)


@transaction.atomic
def take_away(actor: Actor, bed: Bed) -> None:
    """Remove one free bed; Conflict where somebody lives on it, or where it is the last one."""
    room: Room = Room.objects.unscoped().select_for_update().get(pk=bed.room_id)
    if occupied_beds(pk=bed.pk).exists():
        raise Conflict(OCCUPIED)
    if room.size == 1:
        raise Conflict("这是最后一张床，请归档房间")
    archive(actor, bed)
    change(actor, room, {"size": room.size - 1})
