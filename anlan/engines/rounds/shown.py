"""What pages show of rounds, entries and results, as plain lines."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from anlan.engines.evaluation.api import Tree
from anlan.engines.files.api import attachments_of_many
from anlan.engines.rounds.entries import OPEN
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.returning import former_sheets

EVIDENCE = "evidence"
RANKED = 20
FORM = "form"  # the official form of a self-evaluation, signed and scanned


@dataclass(frozen=True)
class Line:
    """An indicator in the order of the tree; ``score`` is empty on branches without a standard."""

    code: str
    title: str
    level: int
    standard: Decimal
    leaf: bool
    said: Any = None


def tree_lines(tree: Tree, code: str = "", level: int = 1) -> list[Line]:
    """Every indicator with its standard score, branch by branch."""
    found: list[Line] = []
    for one in tree.below(code):
        below = tree_lines(tree, one.code, level + 1) if level <= len("ABC") else []
        found += [Line(one.code, one.title, level, tree.standard(one.code), not below), *below]
    return found


def said_lines(tree: Tree, said: dict[str, Any]) -> list[Line]:
    """The same with what is said of each."""
    lines = tree_lines(tree)
    return [Line(one.code, one.title, one.level, one.standard, one.leaf, said.get(one.code)) for one in lines]


@dataclass(frozen=True)
class Desk:
    """How far an entry is, and where it goes on."""

    entry: Any

    @property
    def url(self) -> str:
        """The page of its items."""
        return str(self.entry.desk)

    @property
    def open(self) -> bool:
        """Whether items may still be changed."""
        return self.entry.state in OPEN and self.entry.archived_at is None

    @property
    def whole(self) -> int:
        """How many items there are."""
        return len(self.entry.round.indicators.leaves)

    @property
    def done(self) -> int:
        """How many are filled in."""
        return int(self.entry.items.count())


def entry_lines(entry: Any) -> list[Line]:
    """The tree with each item and its files."""
    items = list(entry.items.select_related("created_by"))
    files = attachments_of_many(items, EVIDENCE)
    said = {
        item.leaf: {"item": item, "files": [(one.name, one.address()) for one in files.get(item.pk, [])]}
        for item in items
    }
    return said_lines(entry.round.indicators, said)


def panel_lines(panels: Iterable[Any]) -> list[dict[str, Any]]:
    """Panels with their judges and indicators in words."""
    return [
        {
            "title": panel.title,
            "judges": "、".join(str(one) for one in panel.judges.all()),
            "leaves": "、".join(panel.leaves),
        }
        for panel in panels
    ]


def progress(round_: Any) -> dict[str, Any]:
    """Participants by state, with the list behind each number."""
    states = Counter(round_.entries.filter(archived_at=None).values_list("state", flat=True))
    stem = f"/{process_of(round_).code.replace('_', '-')}/entries/?round={round_.pk}"
    flow = process_of(round_).table("Entry")().flow
    lines = [
        (state.title, states[code], f"{stem}&state={code}", state.tone) for code, state in flow.states.items()
    ]
    return {"lines": lines, "total": sum(states.values()), "url": stem}


def standing_lines(round_: Any) -> dict[str, Any]:
    """Results in their order, at most the first ``RANKED``, and the participants without one."""
    verdicts = round_.verdicts.filter(archived_at=None).select_related("org")
    there = verdicts.values("entry")
    apart = round_.entries.filter(archived_at=None).exclude(pk__in=there).select_related("org", "round")
    url = f"/{process_of(round_).code.replace('_', '-')}/verdicts/?round={round_.pk}"
    lines = list(verdicts.order_by("rank", "org__path")[:RANKED])
    return {"lines": lines, "most": round_.indicators.standard(), "apart": list(apart), "url": url}


def judged_lines(verdict: Any) -> list[Line]:
    """Own, aggregated and final scores with those of each judge, and what the lead summed up."""
    process = process_of(verdict)
    marks = _marks(verdict.entry.sheets.filter(archived_at=None).select_related("judge"))
    titles = {text.code: text.title for text in process.texts}
    said = {
        leaf: one
        | {"marks": marks[leaf]}
        | {"summed": [(titles[code], words) for code, words in one.get("texts", {}).items() if words]}
        for leaf, one in verdict.scores.items()
    }
    return said_lines(verdict.round.indicators, said)


def _marks(sheets: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """By leaf what each judge said."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for sheet in sheets:
        texts = process_of(sheet).texts
        for leaf, one in sheet.scores.items():
            words = [(text.title, one[text.code]) for text in texts if one.get(text.code)]
            found[leaf].append({"judge": str(sheet.judge), "score": one["score"], "words": words})
    return found


def former_scores(entry: Any) -> list[dict[str, Any]]:
    """Sheets that were returned, with their scores, the last one first."""
    return [
        {
            "sheet": sheet,
            "at": sheet.archived_at,
            "marks": {leaf: one[0] for leaf, one in _marks([sheet]).items()},
        }
        for sheet in former_sheets(entry)
    ]


def former_items(entry: Any) -> list[dict[str, Any]]:
    """What a participant had said when it was returned, the last return first."""
    return [
        {
            "at": datetime.fromisoformat(one["at"]),
            "by": one["by"],
            "opinion": one["opinion"],
            "lines": [line for line in said_lines(entry.round.indicators, one["items"]) if line.leaf],
        }
        for _, one in sorted(entry.former.items(), key=lambda pair: -int(pair[0]))
    ]
