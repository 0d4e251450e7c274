"""Returning after the aggregation: a participant's part or one judge's sheet, and what was built on it (MOR.09).

What was said before stays: the entry keeps it under the number of the return, a sheet is archived as it is.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.rounds.handing_out import SUBMITTED, show_to_judge
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.round_records import locked
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

RETURNED = "return"
declare_event(
    "rounds.sheet_returned", "task", "评分退回：{title}", "{unit}：{opinion}", channels="sms wechat"
)


def take_back_entry(actor: Actor, round_: Any, entry: Any) -> None:
    """An entry was sent back: keep what it said; after the aggregation its result and its sheets are taken back."""
    if round_.state not in ("open", "scoring", "aggregated"):
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能退回自评")
    items = entry.items.values("leaf", "score", "text", "reason")
    said = {
        one["leaf"]: {"score": str(one["score"]), "text": one["text"], "reason": one["reason"]}
        for one in items
    }
    number = str(len(entry.former) + 1)
    kept = {"at": clock.now().isoformat(), "by": actor.name, "opinion": entry.opinion, "items": said}
    values: dict[str, Any] = {"former": entry.former | {number: kept}}
    if round_.state == "aggregated":
        _undo(actor, round_, entry, entry.sheets.filter(archived_at=None))
        values["reopened"] = True
    change(actor, entry, values, action=RETURNED)


@transaction.atomic
def return_sheet(actor: Actor, sheet: Any, opinion: str) -> Any:
    """A judge scores one participant anew, beginning with the former scores; the new draft.

    Conflict outside the review or for a sheet that is no longer in force, Rejected without a reason.
    """
    round_ = locked(sheet.round)
    if round_.state != "aggregated":
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能退回评分")
    if not opinion.strip():
        raise Rejected({"opinion": "请写明退回原因"})
    sheet = type(sheet).unguarded.select_related("entry__org", "panel", "judge").get(pk=sheet.pk)
    if sheet.archived_at is not None or sheet.state != SUBMITTED:
        raise Conflict("这份评分表已经退回")
    _undo(actor, round_, sheet.entry, [sheet])
    fresh = create(actor, again(sheet, opinion.strip()))
    show_to_judge(round_, sheet.judge)
    said = {"title": round_.title, "unit": sheet.entry.org.name, "opinion": opinion.strip()}
    send("rounds.sheet_returned", [sheet.judge], round_, context=said)
    return fresh


def again(sheet: Any, opinion: str = "") -> Any:
    """A draft that begins with what a former sheet said; not stored."""
    same = {name: getattr(sheet, name) for name in ("org", "round", "entry", "panel", "judge")}
    return process_of(sheet).table("Sheet")(**same, scores=sheet.scores, opinion=opinion)


def _undo(actor: Actor, round_: Any, entry: Any, sheets: Iterable[Any]) -> None:
    """Take back the result of one participant and these sheets; the round is scored again."""
    for verdict in round_.verdicts.filter(entry=entry, archived_at=None):
        archive(actor, verdict, action=RETURNED)
    for sheet in sheets:
        archive(actor, sheet, action=RETURNED)
    perform(SYSTEM, round_, "reopen")


def former_sheets(entry: Any) -> Any:
    """Sheets of this participant that were returned, the last one first."""
    rows = entry.sheets.exclude(archived_at=None).filter(state=SUBMITTED)
    return rows.select_related("judge", "panel", "round").order_by("-archived_at", "-pk")
