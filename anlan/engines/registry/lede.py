"""The sentence under the title of a list, with the numbers that matter."""

from typing import Any

from anlan.engines.registry.data import overdue_condition
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.listing import capped_count
from anlan.shell.tables import COUNT_CAP


def lede(ledger: Ledger, rows: Any, user: Any) -> str:
    """The ledger's own sentence, or the standard one: how many, how many open, how many overdue."""
    return ledger.lede(rows, user) or _standard(ledger, rows)


def _standard(ledger: Ledger, rows: Any) -> str:
    """Counted in the noun of the ledger where that is a measure word."""
    noun = ledger.noun if len(ledger.noun) == 1 else "条"
    if not ledger.flow:
        return f"共 {counted_words(rows.filter(archived_at=None))} {noun}"
    still = rows.filter(archived_at=None).exclude(state__in=ledger.flow.final)
    late = capped_count(still.filter(overdue_condition()))
    words = f"共 {counted_words(rows)} {noun}，在办 {counted_words(still)} {noun}"
    return f"{words}，其中 {late:,} {noun}逾期" if late else words


def counted_words(rows: Any) -> str:
    """How many rows there are, in words; ``10,000+`` above the cap of counting."""
    count = capped_count(rows)
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"
