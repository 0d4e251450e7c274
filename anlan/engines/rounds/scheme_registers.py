"""The ledgers of schemes and their indicators (SAF.30)."""

from typing import Any

from anlan.engines.registry.api import Ledger, block
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.schemes import FROZEN, tree_of
from anlan.engines.rounds.shown import tree_lines


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
        sheet = process_of(record).url(f"schemes/{record.pk}/sheet")
        return {"lines": tree_lines(tree), "faults": faults, "url": stem, "scheme": record, "sheet": sheet}


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
