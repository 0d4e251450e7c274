"""``make ledgers``: every ledger with its lines, fields, filters, expiry and what its conformance said."""

import inspect
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from anlan.engines.registry.api import Ledger, ledgers

HEAD = ("ledger", "lines", "fields", "filters", "expires", "conformance")


def written(kind: type) -> type:
    """The class as somebody wrote it: for one that was made, its base."""
    return next(
        one for one in kind.__mro__ if getattr(import_module(one.__module__), one.__name__, None) is one
    )


def lines_of(ledger: Ledger) -> int:
    """Lines of the declaration, with those of its model where both stand in one file."""
    kinds = [written(type(ledger))]
    if inspect.getsourcefile(ledger.model) == inspect.getsourcefile(kinds[0]):
        kinds.append(ledger.model)
    return sum(len(inspect.getsource(kind).splitlines()) for kind in kinds)


def results(reports: Any) -> dict[str, tuple[int, int]]:
    """Checks passed and failed by the code of their ledger."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    codes = sorted(ledgers.codes(), key=len, reverse=True)
    for outcome, place in (("passed", 0), ("failed", 1), ("error", 1)):
        for report in reports.get(outcome, ()):
            name = report.nodeid.rpartition("[")[2].removesuffix("]")
            code = next((code for code in codes if name.endswith(code)), None)
            if code is not None and getattr(report, "when", "call") == "call":
                counted[code][place] += 1
    return {code: (passed, failed) for code, (passed, failed) in counted.items()}


def rows(said: dict[str, tuple[int, int]]) -> Iterator[tuple[str, ...]]:
    """A row per ledger."""
    for ledger in ledgers:
        passed, failed = said.get(ledger.code, (0, 0))
        verdict = f"{failed} failed" if failed else (f"{passed} passed" if passed else "not run")
        fields = str(len(ledger.form_names) or len(ledger.columns.split()))
        filters = str(len(ledger.filter_names))
        yield ledger.code, str(lines_of(ledger)), fields, filters, ledger.expires or "-", verdict


def sheet(said: dict[str, tuple[int, int]]) -> Iterator[str]:
    """The table as text."""
    table = [HEAD, *rows(said)]
    widths = [max(len(row[place]) for row in table) for place in range(len(HEAD))]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
