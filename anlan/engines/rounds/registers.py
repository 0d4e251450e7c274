"""The ledgers of rounds and of the participants' entries (SAF.31-SAF.35)."""

from typing import Any

from django.db.models import Count

from anlan.engines.org.api import below, may, scope
from anlan.engines.registry.api import Ledger, block, computed
from anlan.engines.rounds.panels import free_leaves
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.reports import rectification
from anlan.engines.rounds.round_records import RECKONED, SHOWN, in_charge, live_panels
from anlan.engines.rounds.schemes import tree_of
from anlan.engines.rounds.sheets import sheets_for
from anlan.engines.rounds.shown import (
    FORM,
    Desk,
    entry_lines,
    former_items,
    panel_lines,
    progress,
    standing_lines,
    tree_lines,
)
from anlan.engines.rounds.stating import site_fingerprint
from anlan.engines.rounds.verdicts import not_summed, outstanding

OPEN = "还没有开始，确认复核以后编写报告"
REPORTED = ("confirmed", *SHOWN)
MINE = 10  # own parts a round page leads to


class RoundLedger(Ledger):
    """Rounds; drafts are the department's own."""

    columns = "title scheme state published_at due_on org"
    filters, search = "org scheme state", "title requirements"
    sections = {
        "评什么": "org title scheme requirements explanation",
        "谁参加": "participants due_on",
        "怎么算": "rule weighting",
    }
    facts = "title scheme requirements explanation rule weighting published_at due_on"
    while_in = {"edit": "draft", "archive": "draft closed"}
    views = {"自评中": "state=open", "评分中": "state=scoring", "草稿": "state=draft"}
    files, photos = {"attachments": "附件"}, ""
    noun, icon = "项", "clipboard-check"
    example = {"title": "学期安全评估", "requirements": "逐项自评"}

    def begin(self, user: Any) -> dict[str, Any]:
        """Of the own department."""
        return {"org": user.unit_id}

    @block("本单位自评", "rounds/mine.html")
    def mine(self, request: Any, record: Any) -> dict[str, Any] | None:
        """The way to the own part, for who fills it in."""
        found = scope(request.user, process_of(record).right("entries.fill"))
        if record.state == "draft" or not found.paths:
            return None
        rows = record.entries.filter(below(found.paths), archived_at=None).select_related("org", "round")
        return {"desks": desks} if (desks := [Desk(one) for one in rows[:MINE]]) else None

    @block("参评进度", "rounds/progress.html")
    def standing(self, request: Any, record: Any) -> dict[str, Any] | None:
        """How far the participants are, for the department."""
        if record.state == "draft" or not in_charge(request.user, record):
            return None
        return progress(record)

    @block("评委组", "rounds/panels.html")
    def panels(self, request: Any, record: Any) -> dict[str, Any] | None:
        """Who judges what, and who has not finished."""
        if record.state == "draft" or not in_charge(request.user, record):
            return None
        lacking = outstanding(record) if record.state == "scoring" else []
        said = {
            "panels": panel_lines(live_panels(record)),
            "free": free_leaves(record),
            "outstanding": lacking,
        }
        url = process_of(record).url(f"rounds/{record.pk}/")
        return said | {"scores": f"{url}scores", "analysis": f"{url}analysis"}

    @block("得分排行", "rounds/ranking.html")
    def ranking(self, request: Any, record: Any) -> dict[str, Any] | None:
        """Participants in their order, those without a result apart, for the department."""
        if record.state == "draft" or not in_charge(request.user, record):
            return None
        if record.state not in RECKONED:
            return {"open": "汇总以后显示"}
        why = not_summed(record) if record.state == "aggregated" else None
        return standing_lines(record) | {"why": why}

    @block("报告与整改", "rounds/progress.html")
    def reports(self, request: Any, record: Any) -> dict[str, Any] | None:
        """How far reports and what they demand are, for the department."""
        mine = record.state != "draft" and in_charge(request.user, record)
        if not mine or not process_of(record).writers:
            return None
        return {"lines": rectification(record)} if record.state in REPORTED else {"open": OPEN}

    @block("结果核对", "rounds/verify.html")
    def checking(self, request: Any, record: Any) -> dict[str, Any] | None:
        """How anybody recomputes the result."""
        return {"fingerprint": site_fingerprint()} if record.state in SHOWN else None

    @block("指标", "rounds/tree.html")
    def indicators(self, request: Any, record: Any) -> dict[str, Any]:
        """What is evaluated: as published, before that as it stands."""
        tree = record.indicators if record.tree else tree_of(record.scheme)
        return {"lines": tree_lines(tree)}


class EntryLedger(Ledger):
    """Self-evaluations."""

    columns = "round org state due_at filled"
    filters, search = "org round state", "round__title org__name"
    facts = "round org state due_at"
    noun, icon = "份", "edit"
    words = {"due_at": "期限"}
    files, photos = {FORM: "正式自评表"}, ""

    def refine(self, rows: Any) -> Any:
        """With the number of items that are there."""
        return rows.annotate(item_count=Count("items"))

    def also_reads(self, user: Any, pk: int) -> bool:
        """The official form, for the judges of this participant."""
        process = process_of(self.model)
        mine = sheets_for(user, process) if may(user, process.right("sheets.score")) else None
        return mine is not None and mine.filter(entry=pk).exists()

    @computed("已填项数", "number")
    def filled(self, row: Any) -> int:
        """How many items are there."""
        return int(row.item_count)

    @block("评估要求", "rounds/asked.html")
    def asked(self, request: Any, record: Any) -> dict[str, Any]:
        """What the department asks for, and the way to fill it in."""
        return {"round": record.round, "desk": Desk(record), "entry": record}

    @block("逐项自评", "rounds/items.html")
    def items(self, request: Any, record: Any) -> dict[str, Any]:
        """Every item with own score, explanation and files."""
        return {"lines": entry_lines(record), "desk": record.desk}

    @block("退回前的自评", "rounds/former_items.html")
    def former(self, request: Any, record: Any) -> dict[str, Any] | None:
        """What was said before each return."""
        return {"formers": former_items(record)} if record.former else None
