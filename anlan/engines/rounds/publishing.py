"""What the moves of a round do: publishing freezes it and reaches the participants, withdrawing takes all back."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create_all
from anlan.engines.evaluation.api import tree_out
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.rounds.entries import OPEN, EntryRecord
from anlan.engines.rounds.handing_out import begun, hand_out
from anlan.engines.rounds.processes import process_named, process_of
from anlan.engines.rounds.returning import take_back_entry
from anlan.engines.rounds.reviewing import restand
from anlan.engines.rounds.round_records import RoundRecord, live_panels, locked
from anlan.engines.rounds.schemes import details_of, tree_of
from anlan.engines.rounds.verdicts import store_verdicts, why_not_aggregated
from anlan.engines.tasks.api import Job, background, close_todos, enqueue
from anlan.engines.workflow.api import Moved, edition_at, perform, renew_todos
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

CLOSES_AT = time(18)
declare_event("rounds.published", "task", "请开展自评：{record}", "{title}已发布，请逐项自评并上传佐证材料。")
declare_event(
    "rounds.demanded", "task", "请提交自评：{title}", "请在 {due} 前提交自评。", channels="sms wechat"
)
declare_event("rounds.returned", "task", "自评退回：{record}", "{opinion}", channels="sms wechat")


@events.on(Moved)
def follow_round(event: Moved) -> None:
    """Do what the move of a round means."""
    if isinstance(event.record, RoundRecord) and (work := WORK.get(event.move.name)):
        work(event.actor, event.record)


@events.on(Moved)
def follow_entry(event: Moved) -> None:
    """An entry that passes while its round is scored reaches the judges, one sent back leaves them."""
    entry = event.record
    if not isinstance(entry, EntryRecord):
        return
    round_ = locked(entry.round)
    if event.move.name == "send_back":
        take_back_entry(event.actor, round_, entry)
    if round_.state == "scoring" and event.move.name in ("accept", "send_back"):
        hand_out(event.actor, round_)
    if event.move.name == "send_back":
        people = holders_at([entry.org], process_of(entry).right("entries.fill"))
        send("rounds.returned", people, entry, context={"opinion": entry.opinion})


def _publish(actor: Actor, round_: Any) -> None:
    """Freeze the indicators and open an entry for each participant; Rejected without either."""
    tree, units = tree_of(round_.scheme), list(round_.participants.filter(closed_on=None))
    faults: dict[str, list[str]] = {}
    if found := tree.faults():
        faults["scheme"] = [f"{fault.code} {fault.text}".strip() for fault in found]
    if not units:
        faults["participants"] = [f"请选择参评的{process_of(round_).subject}"]
    if due_fault := _due_fault(round_):
        faults["due_on"] = [due_fault]
    if faults:
        raise Rejected(faults)
    frozen = {"tree": tree_out(tree), "details": details_of(round_.scheme), "published_at": clock.now()}
    change(actor, round_, frozen, action="freeze")
    change(actor, round_.scheme, {"frozen": True}, action="freeze")
    table = process_of(round_).table("Entry")
    code = process_of(round_).right("entries")
    fresh = [
        table(
            org=unit,
            round=round_,
            state="open",
            flow_edition=edition_at(unit, code),
            due_at=closing(round_.due_on),
        )
        for unit in units
    ]
    entries = create_all(actor, fresh)
    right = process_of(round_).right("entries.fill")
    for entry in entries:
        send("rounds.published", holders_at([entry.org], right), entry, context={"title": round_.title})


def _due_fault(round_: Any) -> str:
    if round_.due_on is None:
        return "请填写自评交齐日期" if process_of(round_).dated else ""
    return "不能早于今天" if round_.due_on < clock.today() else ""


def closing(day: date | None) -> datetime | None:
    """The moment a last day ends for offices."""
    return datetime.combine(day, CLOSES_AT, clock.zone()) if day else None


def _withdraw(actor: Actor, round_: Any) -> None:
    """Back to a draft: entries, panels and to-dos are taken back, the indicators are free again."""
    if begun(round_):
        raise Conflict("已有评委评分，不能撤回")
    for row in (
        *round_.sheets.filter(archived_at=None),
        *live_panels(round_),
        *round_.entries.filter(archived_at=None),
    ):
        close_todos(row, actor.user)
        archive(actor, row, action="withdraw")
    close_todos(round_, actor.user)
    change(actor, round_, {"tree": [], "details": {}, "published_at": None}, action="unfreeze")
    others = round_.scheme.rounds.exclude(pk=round_.pk).exclude(state="draft")
    if not others.exists():
        change(actor, round_.scheme, {"frozen": False}, action="unfreeze")


def _begin_aggregation(actor: Actor, round_: Any) -> None:
    # Once more, now that the round is no longer scored and nobody can take a sheet back.
    if why := why_not_aggregated(round_):
        raise Conflict(why)
    enqueue(actor, aggregate, title=f"汇总评分：{round_}", process=process_of(round_).code, pk=round_.pk)


WORK = {
    "publish": _publish,
    "withdraw": _withdraw,
    "begin_scoring": hand_out,
    "aggregate": _begin_aggregation,
}


@background("汇总评分")
def aggregate(job: Job, process: str, pk: int) -> dict[str, Any]:
    """Reckon the round and store the results, all or nothing; a round that is reckoned already stays as it is."""
    table: Any = _rounds(process)
    with transaction.atomic():
        round_ = locked(table(pk=pk))
        if round_.state != "aggregating":
            return {"url": round_.get_absolute_url(), "text": f"当前是“{round_.state_shown.title}”"}
        number = store_verdicts(SYSTEM, round_)
        restand(round_)
        perform(SYSTEM, round_, "settle")
    return {"url": round_.get_absolute_url(), "text": f"已汇总 {number} 份评分"}


def _rounds(code: str) -> Any:
    return process_named(code).table("Round")


@transaction.atomic
def demand(actor: Actor, round_: Any, due_on: date) -> int:
    """Ask for what is not handed in yet by a day, complete or not; how many are asked."""
    round_ = locked(round_)
    if round_.state != "open":
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能要求提交自评")
    if due_on < clock.today():
        raise Rejected({"due_on": "不能早于今天"})
    change(actor, round_, {"due_on": due_on}, action="demand")
    due = closing(due_on)
    entries = list(round_.entries.filter(state__in=OPEN, archived_at=None).select_related("org", "round"))
    right = process_of(round_).right("entries.fill")
    for entry in entries:
        change(actor, entry, {"due_at": due}, action="demand")
        renew_todos(entry, None)
        said = {"title": round_.title, "due": f"{due:%m-%d %H:%M}"}
        send("rounds.demanded", holders_at([entry.org], right), entry, context=said)
    return len(entries)
