"""The ledger of results (SAF.46)."""

from typing import Any

from anlan.engines.registry.api import Ledger, block
from anlan.engines.rounds.round_records import SHOWN, in_charge
from anlan.engines.rounds.shown import former_scores, judged_lines


class VerdictLedger(Ledger):
    """Results in their order."""

    readonly = True
    columns = "org rank total aggregated own round"
    filters, search, sort = "org round", "org__name round__title", "rank"
    facts = "round org rank total aggregated own"
    noun, icon = "份", "chart-histogram"

    @block("逐项得分", "rounds/judged.html", printed=True)
    def details(self, request: Any, record: Any) -> dict[str, Any]:
        """Own, aggregated and final score of every indicator, and those of each judge."""
        return {"lines": judged_lines(record), "verdict": record, "shown": record.round.state in SHOWN}

    @block("退回重评前的评分", "rounds/former_scores.html")
    def former(self, request: Any, record: Any) -> dict[str, Any] | None:
        """What judges had said before a return, for the department."""
        if not in_charge(request.user, record.round):
            return None
        return {"formers": formers} if (formers := former_scores(record.entry)) else None
