"""Duty on the phone: own shifts taken along; signing in and out and the log sent from the one outbox (S04.4)."""

from datetime import timedelta
from typing import Any

from anlan.base.errands import Errand, declare_errand
from anlan.domains.duty.logs import KINDS, LogEntry, write
from anlan.domains.duty.rosters import OUT, Turn
from anlan.domains.duty.serving import SERVE, Said, sign_in, sign_out
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import adopt
from anlan.engines.forms.api import client_time
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Sent
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.deadlines import local

AHEAD = timedelta(days=8)


def own_turns(user: Any) -> Any:
    """The person's own turns of rosters that are out."""
    rows = Turn.objects.unscoped().filter(account=user, archived_at=None, roster__state__in=OUT)
    return rows.select_related("watch__place", "watch__roster", "roster", "org", "person")


def shifts_of(user: Any) -> list[dict[str, Any]]:
    """Those of the coming days, and what still runs, with the log so far."""
    if not scope(user, SERVE):
        return []
    now = clock.now()
    rows = own_turns(user).filter(ends_at__gt=now - timedelta(hours=2), begins_at__lt=now + AHEAD)
    return [_shift(turn) for turn in rows.order_by("begins_at")[:30]]


def _shift(turn: Turn) -> dict[str, Any]:
    lines = LogEntry.objects.unscoped().filter(watch=turn.watch, archived_at=None).order_by("at")
    return {
        "id": str(turn.pk),
        "name": turn.watch.name,
        "place": str(turn.watch.place or turn.roster.place),
        "school": turn.org.name,
        "part": turn.get_part_display(),
        "begins": local(turn.begins_at).isoformat(),
        "ends": local(turn.ends_at).isoformat(),
        "in": f"{local(turn.in_at):%H:%M}" if turn.in_at else "",
        "out": f"{local(turn.out_at):%H:%M}" if turn.out_at else "",
        "watch": turn.watch.get_absolute_url(),
        "kinds": [list(kind) for kind in KINDS],
        "log": [{"at": f"{local(one.at):%H:%M}", "text": str(one)} for one in lines[:60]],
    }


def take(actor: Actor, pk: int, sent: Sent) -> str:
    """One act about the own turn ``pk``: ``do`` is in, out or log. Missing for anybody else's turn."""
    turn: Turn | None = own_turns(actor.user).filter(pk=pk).first()
    if turn is None:
        raise Missing
    values = sent.values
    at = min(client_time(values.get("at")) or clock.now(), clock.now())
    photos = tuple(sent.slots(("photo",)).get("photo", ()))
    if values.get("do") == "in":
        return sign_in(actor, turn, Said(at, _position(values), photos)).get_absolute_url()
    if values.get("do") == "out":
        return sign_out(actor, turn, at).get_absolute_url()
    if values.get("do") != "log" or values.get("kind") not in dict(KINDS):
        raise Rejected({"kind": "请选择类别"})
    entry = write(
        actor, turn.watch, str(values["kind"]), str(values.get("text") or "")[:300], at, uid=sent.uid
    )
    adopt(actor, entry, "photo", photos)
    return entry.get_absolute_url()


def _position(said: dict[str, Any]) -> tuple[float, float] | None:
    try:
        here = float(said["lat"]), float(said["lng"])
    except (KeyError, TypeError, ValueError):
        return None
    return here if -90 <= here[0] <= 90 and -180 <= here[1] <= 180 else None


declare_errand(Errand("duty", (SERVE,), take, shifts_of, "duty/field.js"))
