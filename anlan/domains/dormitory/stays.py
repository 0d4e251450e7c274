"""Who lies on which bed from when to when: assigned, moved, checked out; history is kept (D17.2)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.base.derived_grants import LOADING
from anlan.domains.dormitory.boarders import Boarder
from anlan.domains.dormitory.buildings import Bed, Room, free_beds, in_use
from anlan.engines.audit.api import Actor, Written, change, create
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

ENDS = [("move", "换床"), ("out", "退宿")]


class Stay(Entry):
    """A boarder on a bed; ``ends_on`` is the day of moving on."""

    boarder = models.ForeignKey(Boarder, models.PROTECT, related_name="stays", verbose_name="学生")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="stays", verbose_name="床位")
    starts_on = models.DateField("入住日期", default=clock.today, db_index=True)
    ends_on = models.DateField("离开日期", null=True, editable=False, db_index=True)
    end = models.CharField("离开方式", max_length=4, choices=ENDS, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "住宿记录"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bed"], name="dormitory_bed_taken_once", condition=Q(ends_on=None, archived_at=None),
                violation_error_message="这张床已经有人",
            ),
            models.UniqueConstraint(
                fields=["boarder"], name="dormitory_boarder_one_bed", condition=Q(ends_on=None, archived_at=None),
                violation_error_message="这名学生已有床位，请用换床",
            ),
        ]  # fmt: skip

    def clean(self) -> None:
        """Refuse what does not fit together; what ended stays as it was."""
        if not (self.ends_on or self.archived_at) and (faults := self.faults()):
            raise ValidationError(faults)
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "离开日期不能早于入住日期"})

    def faults(self) -> dict[str, str]:
        """Another school, the other sex, a bed taken away, a building out of use, a pupil who left."""
        room = self.bed.room
        if {self.boarder.org_id, room.org_id} != {self.org_id}:
            return {"bed": "只能选本校的学生和床位"}
        if room.sex != self.boarder.sex:
            return {"bed": f"{room} 是{room.get_sex_display()}生房间"}
        if not free_beds().filter(pk=self.bed_id).exists() and self._state.adding:
            return {"bed": "这张床已经有人，或已停用"}
        return {"boarder": "这名学生已退宿"} if self.boarder.left_on else {}


@events.on(Written)
def hold_the_room(event: Written) -> None:
    """Whoever moves in holds the room's row, so that its sex and its beds stay as they were judged."""
    stay = event.record
    if not isinstance(stay, Stay) or stay.ends_on or stay.archived_at or event.actor.channel == LOADING:
        return
    room = Room.objects.unscoped().select_for_update().select_related(None).get(beds=stay.bed_id)
    there = Bed.unguarded.filter(in_use("room__building__"), pk=stay.bed_id, archived_at=None)
    if room.sex != stay.boarder.sex or not there.exists():
        raise Conflict("房间刚刚改过，请重新选择床位")


@transaction.atomic
def assign(actor: Actor, boarder: Boarder, bed: Bed, day: date | None = None) -> Stay:
    """Put a boarder on a bed from a day (today); whoever has one moves, and both stays keep their dates.

    Rejected for what does not fit, Conflict where somebody was first.
    """
    day = day or clock.today()
    present = _present(boarder)
    if present and present.bed_id == bed.pk:
        raise Rejected({"bed": "学生已在这张床"})
    if present:
        _end(actor, present, day, "move")
    return create(actor, Stay(org=boarder.org, boarder=boarder, bed=bed, starts_on=day))


@transaction.atomic
def check_out(actor: Actor, boarder: Boarder, day: date | None = None) -> Boarder:
    """The boarder lives here no longer from a day (today) on."""
    day = day or clock.today()
    if present := _present(boarder):
        _end(actor, present, day, "out")
    return change(actor, boarder, {"left_on": day}, action="check_out", expect=Q(left_on=None))


def _present(boarder: Boarder) -> Any:
    return (
        Stay.objects.unscoped()
        .select_for_update()
        .filter(boarder=boarder.pk, ends_on=None, archived_at=None)
        .first()
    )


def _end(actor: Actor, stay: Stay, day: date, how: str) -> None:
    if day < stay.starts_on:
        raise Rejected({"day": f"不能早于入住日期 {stay.starts_on}"})
    change(actor, stay, {"ends_on": day, "end": how}, action=how, expect=Q(ends_on=None))


def on_night(night: date) -> Q:
    """Condition: lay there in that night."""
    return Q(starts_on__lte=night, archived_at=None) & (Q(ends_on=None) | Q(ends_on__gt=night))
