"""The roll call on the phone: taken along with the names of tonight's boarders, sent from the one outbox (D17.3)."""

from datetime import timedelta
from typing import Any

from anlan.base.errands import Errand, declare_errand
from anlan.domains.dormitory.roll_calls import TAKE, Marked, RollCall, on_leave, roll, take
from anlan.engines.audit.api import Actor, log
from anlan.engines.forms.api import client_time
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Sent
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Missing, Rejected

MOST = 12


def calls_of(user: Any) -> list[dict[str, Any]]:
    """Roll calls of last night and tonight still to be taken; that the names were looked at is written down."""
    found = scope(user, TAKE)
    if not found:
        return []
    rows = RollCall.objects.unscoped().filter(found.condition(), taken_at=None, archived_at=None)
    rows = rows.filter(night__gte=clock.today() - timedelta(days=1)).select_related("building", "org")
    return [_call(user, call) for call in rows.order_by("night", "building")[:MOST]]


def _call(user: Any, call: RollCall) -> dict[str, Any]:
    stays = roll(call)
    away = on_leave((stay.boarder_id for stay in stays), clock.now())
    log(Actor.person(user, "phone"), "view", call, title=f"{call} 名单", after={"boarders": len(stays)})
    return {
        "id": str(call.pk),
        "title": call.building.name,
        "school": call.org.name,
        "night": call.night.isoformat(),
        "due": f"{call.due_at.astimezone(clock.zone()):%H:%M}",
        "boarders": [
            {
                "id": str(stay.boarder_id),
                "name": stay.boarder.name,
                "room": stay.bed.room.number,
                "bed": stay.bed.number,
                "class": stay.boarder.class_name,
                "leave": stay.boarder_id in away,
            }
            for stay in stays
        ],
    }


def receive(actor: Actor, pk: int, sent: Sent) -> str:
    """The whole roll of a building; Missing for another school's, Forbidden for who calls no roll."""
    found = scope(actor.user, TAKE)
    if not found:
        raise Forbidden(TAKE)
    call = RollCall.objects.unscoped().select_related("org").filter(pk=pk, archived_at=None).first()
    if call is None or not found.covers(call.org.path):
        raise Missing
    marks = sent.values.get("marks")
    if not isinstance(marks, dict):
        raise Rejected({"marks": "没有点名结果"})
    at = min(client_time(sent.values.get("at")) or clock.now(), clock.now())
    return str(take(actor, call, dict(map(_marked, marks.items())), at).get_absolute_url())


def _marked(pair: tuple[Any, Any]) -> tuple[int, Marked]:
    number, said = pair
    if not str(number).isdecimal() or not isinstance(said, dict):
        raise Rejected({"marks": "点名结果的格式不对"})
    return int(number), Marked(str(said.get("mark")), str(said.get("note") or "")[:200])


declare_errand(Errand("roll_call", (TAKE,), receive, calls_of, "dormitory/field.js"))
