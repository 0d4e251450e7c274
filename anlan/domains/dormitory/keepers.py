"""Keepers of dormitories and who is on duty in which night (D17.4).

The list of nights holds what a roster gives: building, night, keeper, leader. Where a roster of the school is kept
elsewhere, ``Night`` becomes what is copied from it, and :func:`on_duty` stays the one question asked here.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.base.handing_on import passes_on
from anlan.base.people import Person, PersonLeft, person_field
from anlan.domains.dormitory.buildings import WOMAN, Building, in_use, occupied_beds
from anlan.engines.audit.api import archive, change
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock, events

CHECKS = [("", "未核查"), ("clear", "无违法犯罪记录"), ("found", "有违法犯罪记录")]


class Keeper(Entry):
    """A keeper or duty teacher, with the certificate of health that the work asks for."""

    person = person_field("人员", null=False, blank=False)
    background = models.CharField(
        "背景核查", max_length=6, choices=CHECKS, blank=True, default="", db_index=True
    )
    checked_on = models.DateField("核查日期", null=True, blank=True)
    training = models.CharField("培训情况", max_length=120, blank=True)
    health_number = models.CharField("健康证编号", max_length=40, blank=True)
    health_on = models.DateField("健康证发证日期", null=True, blank=True)
    health_until = models.DateField("健康证有效期至", null=True, blank=True, db_index=True)
    left_on = models.DateField("离岗日期", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "宿舍管理员"
        constraints = [unique("dormitory_keeper_once", "person", "此人已经登记")]

    def clean(self) -> None:
        """Refuse somebody of another unit, a check without its day, and days to come."""
        faults: dict[str, str] = {}
        if self.person.org_id != self.org_id:
            faults["person"] = "只能选本校人员"
        if bool(self.background) != bool(self.checked_on):
            faults["checked_on"] = "核查结果和日期要一起填写"
        if self.checked_on and self.checked_on > clock.today():
            faults["checked_on"] = "核查日期不能晚于今天"
        if not self.health_number and (self.health_on or self.health_until):
            faults["health_number"] = "请填写健康证编号"
        if self.health_on and self.health_until and self.health_until < self.health_on:
            faults["health_until"] = "健康证有效期不能早于发证日期"
        if faults:
            raise ValidationError(faults)


def working(prefix: str = "") -> Q:
    """Condition: has not left."""
    return Q(**{f"{prefix}left_on": None}) | Q(**{f"{prefix}left_on__gt": clock.today()})


class Night(Entry):
    """A keeper on duty in a building for a night, with the leader of that night."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="nights", verbose_name="宿舍楼")
    night = models.DateField("日期", db_index=True)
    keeper = models.ForeignKey(Keeper, models.PROTECT, related_name="nights", verbose_name="值班宿管员")
    leader = person_field("带班领导")
    handover = models.CharField("交接事项", max_length=300, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "宿舍夜间值班"
        ordering = ["-night", "building"]
        constraints = [unique("dormitory_night_once", "building night keeper", "此人当晚已排在这栋楼")]

    def __str__(self) -> str:
        return f"{self.building} {self.night}"

    def clean(self) -> None:
        """Refuse people and buildings of another school, who left, and a man in a building of girls."""
        faults: dict[str, str] = {}
        if self.building.org_id != self.org_id:
            faults["building"] = "只能选本校的宿舍楼"
        if self.keeper.org_id != self.org_id:
            faults["keeper"] = "只能选本校的宿管员"
        elif self.keeper.left_on and self.keeper.left_on <= self.night:
            faults["keeper"] = "此人已离岗"
        elif self.building.sex == "female" and self.keeper.person.sex_id != WOMAN:
            faults["keeper"] = "女生宿舍楼只能安排女性宿管员"
        if self.leader and self.leader.org_id != self.org_id:
            faults["leader"] = "只能选本校人员"
        if faults:
            raise ValidationError(faults)


def on_duty(building: Building, night: date) -> list[Person]:
    """Keepers and leaders of the night, each once."""
    rows = Night.objects.unscoped().filter(building=building.pk, night=night, archived_at=None)
    found = [
        person
        for row in rows.select_related("keeper__person", "leader")
        for person in (row.leader, row.keeper.person)
    ]
    return list({person.pk: person for person in found if person}.values())


def manned(night: date) -> Any:
    """Subquery of :class:`Building`: somebody is on duty in that night."""
    return Exists(Night.unguarded.filter(building=OuterRef("pk"), night=night, archived_at=None))


def lived_in() -> Any:
    """Subquery of :class:`Building`: somebody lives there."""
    return Exists(occupied_beds(room__building=OuterRef("pk")))


def gap_tonight() -> Q:
    """Condition on buildings: boarders live there, and nobody is on duty tonight."""
    return in_use() & Q(lived_in()) & Q(~manned(clock.today()))


@events.on(PersonLeft)
def leave_too(event: PersonLeft) -> None:
    """Who leaves the school keeps no dormitory, and is on duty in no night to come."""
    for keeper in Keeper.objects.unscoped().filter(person=event.person, left_on=None, archived_at=None):
        change(event.actor, keeper, {"left_on": event.person.left_on})
        for night in keeper.nights.filter(night__gte=clock.today(), archived_at=None):
            archive(event.actor, night, action="vacate")


passes_on(Night, "leader", lambda: Q(night__gte=clock.today()))
