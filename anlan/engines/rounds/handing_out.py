"""Sheets reach the judges and their desks when scoring begins, and follow panels and entries until the first score."""

from collections import Counter
from typing import Any

from anlan.engines.audit.api import Actor, archive, create_all
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.round_records import live_panels
from anlan.engines.tasks.api import close_todos, open_todo

DRAFT, SUBMITTED = "draft", "submitted"


def begun(round_: Any) -> bool:
    """Whether any judge has scored anything, drafts included."""
    return bool(round_.sheets.filter(archived_at=None).exclude(scores={}).exists())


def hand_out(actor: Actor, round_: Any) -> None:
    """A sheet for every judge and every entry that passed; what is no longer wanted goes, desks follow.

    A panel has as many sheets of an entry as it has judges: what somebody handed in before being replaced counts.
    """
    entries = list(round_.entries.filter(state="passed", archived_at=None))
    wanted = {
        (entry.pk, panel.pk, judge.pk): (entry, panel, judge)
        for panel in live_panels(round_)
        for entry in entries
        for judge in panel.judges.all()
    }
    there, seats = set(), {(entry, panel) for entry, panel, _ in wanted}
    taken: Counter[tuple[int, int]] = Counter()
    for sheet in round_.sheets.filter(archived_at=None).select_related("judge"):
        key, seat = (sheet.entry_id, sheet.panel_id, sheet.judge_id), (sheet.entry_id, sheet.panel_id)
        if key in wanted or (seat in seats and sheet.state == SUBMITTED):
            there.add(key)
            taken[seat] += 1
        else:
            archive(actor, sheet)
    fresh = []
    for key, (entry, panel, judge) in wanted.items():
        if key not in there and taken[key[:2]] < len(panel.judges.all()):
            fresh.append(_draft(round_, entry, panel, judge))
            taken[key[:2]] += 1
    create_all(actor, fresh)
    close_todos(round_, actor.user, (process_of(round_).right("sheets.score"),))
    for judge in {judge.pk: judge for _, _, judge in wanted.values()}.values():
        show_to_judge(round_, judge)


def _draft(round_: Any, entry: Any, panel: Any, judge: Any) -> Any:
    """A sheet that begins with what the judge said before the entry was returned, where it was."""
    draft = process_of(round_).table("Sheet")(
        org=round_.org, round=round_, entry=entry, panel=panel, judge=judge
    )
    if entry.reopened:
        rows = entry.sheets.exclude(archived_at=None).filter(panel=panel, judge=judge, state=SUBMITTED)
        former = rows.order_by("-pk").first()
        draft.scores = former.scores if former else {}
    return draft


def show_to_judge(round_: Any, judge: Any) -> None:
    """One matter per judge and round on the desk, as long as a sheet is a draft."""
    process = process_of(round_)
    right = process.right("sheets.score")
    if not round_.sheets.filter(judge=judge, state=DRAFT, archived_at=None).exists():
        close_todos(round_, judge, (right,), user=judge)
        return
    url = process.url(f"desk/?round={round_.pk}")
    open_todo(round_, right, f"评分：{round_}", url, verb="评分", user=judge, due_at=round_.due_at)
