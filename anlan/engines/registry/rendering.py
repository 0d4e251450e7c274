"""List rows: a renderer compiled once from the declaration; always masked, so that one serves everybody."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString

from anlan.engines.registry.access import MASKED
from anlan.engines.registry.bulk import fitting
from anlan.engines.registry.data import Datum, is_over
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledgers
from anlan.shell.numbers import EMPTY
from anlan.shell.rows import Column, compile_rows

YES = {True: "是", False: "否", None: ""}
ON_A_CARD = 4  # columns that phones show, besides the unit and what is short
NOT_BY_ITSELF = {
    "yes",
    "number",
    "money",
    "date",
    "moment",
}  # what says nothing without the head of its column


@lru_cache(maxsize=2000)
def columns_of(
    code: str, hidden: frozenset[str] = frozenset(), closed: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """Columns of a ledger as the shell draws them: those a person hid, without those closed to the person."""
    ledger: Ledger = ledgers[code]
    data = [item for item in ledger.column_data if item.name not in closed]
    empty = "—" if ledger.readonly else EMPTY
    return tuple(_column(item, place, item.name not in hidden, empty) for place, item in enumerate(data))


def _column(item: Datum, place: int, shown: bool, empty: str) -> Column:
    kind = "title" if place == 0 else {"yes": "text"}.get(item.kind, item.kind)
    block = "block" if place < ON_A_CARD or item.name == "org" else "hide"
    on_phone = {"chip": "inline", "risk": "inline", "due": "end"}.get(kind, block)
    sort = item.name if item.sort and not item.mask else ""
    label = item.title if item.kind in NOT_BY_ITSELF and place else ""
    return Column(
        item.name,
        item.title,
        kind,
        _value(item),
        closed=is_over if kind == "due" else None,
        on_phone=on_phone,
        label=label,
        empty=empty,
        sort=sort,
        shown=shown,
    )


def _value(item: Datum) -> Callable[[Any], Any]:
    if item.kind == "yes":
        return lambda row: YES[item.read(row)]
    return item.read if not item.mask else lambda row: MASKED.read(item, row)


@lru_cache(maxsize=2000)
def renderer(
    code: str,
    hidden: frozenset[str] = frozenset(),
    selectable: bool = False,
    closed: frozenset[str] = frozenset(),
) -> Callable[[Iterable[Any]], SafeString]:
    """The function that writes the table body of a ledger."""
    ledger: Ledger = ledgers[code]
    columns = columns_of(code, hidden, closed)
    return compile_rows(columns, ledger.url_of, selectable, fitting(ledger))
