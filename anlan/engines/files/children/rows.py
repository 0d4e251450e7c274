"""Rows of cells, batch by batch."""

from collections.abc import Iterable
from typing import Any

from anlan.engines.files.children.confining import say

BATCH = 500
EXACT = 10**15  # above this a spreadsheet number has lost digits


def cell(value: Any) -> Any:
    """Blanks become null, whole floats integers, numbers beyond exactness are marked."""
    kind = type(value)
    if kind is str:
        return value.strip() or None
    if kind is float and value.is_integer():
        return int(value) if abs(value) < EXACT else {"$l": f"{value:.0f}"}
    return value


def say_rows(rows: Iterable[list[Any]]) -> None:
    """Print the rows that hold something, under their numbers from 1."""
    batch: list[Any] = []
    for number, row in enumerate(rows, 1):
        values = [cell(value) for value in row]
        if any(value is not None for value in values):
            batch.append([number, values])
        if len(batch) >= BATCH:
            say(batch)
            batch = []
    say(batch)
