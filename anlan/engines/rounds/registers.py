"""The ledgers of a process: schemes, indicators, rounds, entries, results; made anew for each process."""

from typing import Any

from django.db.models import Count, Q

from anlan.engines.archives.api import not_archived
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Kind, scope
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.rounds.forms_asked import DemandForm, DissolveForm, PanelForm, ReviewForm, TitleForm
from anlan.engines.rounds.panels import dissolve, form_panel, free_leaves
from anlan.engines.rounds.processes import Process, process_of
from anlan.engines.rounds.publishing import demand
from anlan.engines.rounds.round_records import SHOWN, live_panels
from anlan.engines.rounds.schemes import FROZEN, copy_scheme, tree_of
from anlan.engines.rounds.shown import Desk, entry_lines, judged_lines, panel_lines, progress, tree_lines
from anlan.engines.rounds.verdicts import outstanding, review

BEING_JUDGED = ("open", "scoring")


def _panelled(record: Any) -> bool:
    return bool(record.state in BEING_JUDGED)


def _to_be_grouped(record: Any) -> bool:
    return _panelled(record) and bool(free_leaves(record))


def _to_review(record: Any) -> bool:
    return bool(record.round.state == "aggregated")


class SchemeLedger(Ledger):
    """Kinds of evaluation."""

    columns, search, key = "title frozen org", "title", "org title"
    filters = "org frozen"
    form, facts = "org title note", "title note frozen org"
    noun, icon = "类", "list-check"

    def begin(self, user: Any) -> dict[str, Any]:
        """Of the own department."""
        return {"org": user.unit_id}

    def locked(self, record: Any, verb: str) -> str:
        """A scheme in use stays as it is."""
        return FROZEN if record.frozen else ""

    @block("指标", "rounds/tree.html")
    def indicators(self, request: Any, record: Any) -> dict[str, Any]:
        """The tree with the sums of its branches."""
        tree = tree_of(record)
        stem = f"/{self.app}/indicators/"
        faults = [] if record.frozen else [f"{one.code} {one.text}".strip() for one in tree.faults()]
        return {"lines": tree_lines(tree), "faults": faults, "url": stem, "scheme": record}


class IndicatorLedger(Ledger):
    """Indicators, one a row; brought in and taken out by Excel."""

    columns = "code title parent standard step weight scheme org"
    filters, search, key = "org scheme", "code title detail", "scheme code"
    form = "org scheme code title parent standard step options weight detail place"
    noun, icon, sort = "项", "list-check", "place"
    example = {"code": "A1", "title": "安全管理", "standard": "10"}

    def begin(self, user: Any) -> dict[str, Any]:
        """Of the own department."""
        return {"org": user.unit_id}

    def locked(self, record: Any, verb: str) -> str:
        """An indicator of a scheme in use stays as it is."""
        return FROZEN if record.scheme.frozen else ""


class RoundLedger(Ledger):
    """Rounds; drafts are the department's own."""

    columns = "title scheme state published_at due_on org"
    filters, search = "org scheme state", "title requirements"
    sections = {
        "评什么": "org title scheme requirements explanation",
        "谁参加": "participants",
        "怎么算": "rule weighting",
    }
    facts = "title scheme requirements explanation rule weighting published_at due_on"
    while_in = {"edit": "draft", "archive": "draft closed"}
    choices = {"participants": Q(kind=Kind.SCHOOL)}
    views = {"自评中": "state=open", "评分中": "state=scoring", "草稿": "state=draft"}
    files, photos = {"attachments": "附件"}, ""
    noun, icon = "项", "clipboard-check"
    example = {"title": "学期安全评估", "requirements": "逐项自评"}

    def begin(self, user: Any) -> dict[str, Any]:
        """Of the own department."""
        return {"org": user.unit_id}

    def _runs(self, request: Any, record: Any) -> bool:
        return scope(request.user, self.permission("edit")).covers(record.org.path)

    @block("参评进度", "rounds/progress.html")
    def standing(self, request: Any, record: Any) -> dict[str, Any] | None:
        """How far the participants are, for the department."""
        if record.state == "draft" or not self._runs(request, record):
            return None
        return progress(record)

    @block("评委组", "rounds/panels.html")
    def panels(self, request: Any, record: Any) -> dict[str, Any] | None:
        """Who judges what, and who has not finished."""
        if record.state == "draft" or not self._runs(request, record):
            return None
        lacking = outstanding(record) if record.state == "scoring" else []
        said = {
            "panels": panel_lines(live_panels(record)),
            "free": free_leaves(record),
            "outstanding": lacking,
        }
        return said | {"scores": process_of(record).url(f"rounds/{record.pk}/scores")}

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

    def refine(self, rows: Any) -> Any:
        """With the number of items that are there."""
        return rows.annotate(item_count=Count("items"))

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


class VerdictLedger(Ledger):
    """Results in their order."""

    readonly = True
    columns = "org rank total aggregated own round"
    filters, search, sort = "org round", "org__name round__title", "rank"
    facts = "round org rank total aggregated own"
    noun, icon = "份", "chart-histogram"

    @block("逐项得分", "rounds/judged.html")
    def details(self, request: Any, record: Any) -> dict[str, Any]:
        """Own, aggregated and final score of every indicator, and those of each judge."""
        return {"lines": judged_lines(record), "verdict": record, "shown": record.round.state in SHOWN}


def _copy(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    return self.url_of(copy_scheme(actor, record, values["title"]))  # type: ignore[no-any-return]


def _group(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    form_panel(actor, record, values["title"], values["judges"], values["leaves"])


def _ungroup(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    dissolve(actor, record.panels.get(pk=values["panel"]))


def _demand(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    demand(actor, record, values["due_on"])


def _review(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    review(actor, record, values["said"])


def _acting(name: str, method: Any, title: str, right: str, **more: Any) -> dict[str, Any]:
    """An act of one process: the method under its own name, so that the processes do not share a right."""

    def own(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> Any:
        return method(self, actor, record, values)

    own.__name__, own.__doc__ = name, title
    return {name: act(title, right, **more)(own)}


def acts_made(process: Process) -> dict[str, dict[str, Any]]:
    """The acts of each ledger with the rights of the process."""
    rounds, verdicts = process.right("rounds.edit"), process.right("verdicts.edit")
    return {
        "Scheme": _acting("copy", _copy, "复制为新的一套", process.right("schemes.add"), form=TitleForm, icon="copy"),
        "Round": _acting("group", _group, "新增评委组", rounds, form=PanelForm, icon="users", when=_to_be_grouped)
        | _acting("ungroup", _ungroup, "撤销评委组", rounds, form=DissolveForm, icon="x", when=_panelled)
        | _acting(
            "demand", _demand, "要求交齐自评", rounds, form=DemandForm, icon="bell",
            when=lambda row: row.state == "open",
        ),
        "Verdict": _acting("review", _review, "复核", verdicts, form=ReviewForm, icon="edit", when=_to_review),
    }  # fmt: skip


KEPT_OPEN = "评估任务连同自评、评分和结果长期保存，供核对和重新计算"
LEDGERS = (
    ("Scheme", "schemes", SchemeLedger, "类别", 0),
    ("Indicator", "indicators", IndicatorLedger, "指标", 1),
    ("Round", "rounds", RoundLedger, "任务", 2),
    ("Entry", "entries", EntryLedger, "自评", 3),
    ("Verdict", "verdicts", VerdictLedger, "结果", 4),
)


def make_ledgers(process: Process) -> None:
    """Declare the five ledgers of a process."""
    acts, roles = acts_made(process), roles_of(process)
    for table, name, base, title, place in LEDGERS:
        said = {
            "code": process.right(name),
            "model": process.table(table),
            "title": f"{process.title}{title}",
            "area": process.area,
            "group": process.group,
            "order": process.order + place,
            "roles": roles[name],
            "__doc__": base.__doc__,
            **acts.get(table, {}),
        }
        ledger(type(f"{process.table(table).__name__}s", (base,), said))
    for name in ("rounds", "entries"):
        not_archived(process.right(name), KEPT_OPEN)


def roles_of(process: Process) -> dict[str, dict[str, str]]:
    """Who does what: the department keeps, others look on, participants see their own part."""
    above = f"{process.runs} {process.watches}".strip()
    kept = dict.fromkeys(("add", "edit", "archive", "import"), process.runs)
    all_ = f"{above} {process.takes_part}"
    return {
        "schemes": kept | {"view": above, "export": above},
        "indicators": kept | {"view": above, "export": above},
        "rounds": kept | {"view": all_, "export": above},
        "entries": {"view": all_, "export": above},
        "verdicts": {"view": all_, "export": above, "edit": process.runs},
    }
