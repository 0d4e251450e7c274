"""List rows as plain Python: column descriptors compiled once into a function that writes the table body.

Template components per cell cost several times as much; they stay for what appears once per page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.utils.safestring import SafeString

from anlan.kernel import clock
from anlan.kernel.numbers import money_text
from anlan.shell.deadlines import due, moment_words, short_date
from anlan.shell.html import cell_text, written
from anlan.shell.marks import chip, due_html, risk
from anlan.shell.numbers import EMPTY

Row = Any
Getter = Callable[[Row], Any]
Cell = Callable[[Row, datetime], str]
OFF_PHONE = " al-only-d"
ON_PHONE = ("block", "inline", "end", "hide")


@dataclass(frozen=True)
class Column:
    """A column of a list.

    ``kind``: ``title`` (the link to the record, once per table), ``text``, ``meta`` (grey), ``number``,
    ``money``, ``date``, ``moment``, ``chip`` (value is a pair tone, word), ``risk`` (1 to 4 or word),
    ``due`` (deadline), ``html`` (a SafeString). ``value`` defaults to the attribute ``code``; ``note`` gives
    a second grey line; ``closed`` tells a deadline is over; ``on_phone`` is block, inline, end or hide;
    ``label`` stands before the value on phones, where there is no head; ``empty`` is shown for no value, which
    phones leave out; ``sort`` is the key in the address, empty when not sortable.
    """

    code: str
    title: str
    kind: str = "text"
    value: Getter | None = None
    note: Getter | None = None
    closed: Getter | None = None
    on_phone: str = "block"
    label: str = ""
    empty: str = EMPTY
    sort: str = ""
    shown: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.code}: unknown kind {self.kind!r}")
        if self.on_phone not in ON_PHONE:
            raise ValueError(f"column {self.code}: unknown place on phones {self.on_phone!r}")

    @property
    def get(self) -> Getter:
        """The function that reads the value of a row."""
        return self.value or attrgetter(self.code)

    @property
    def numeric(self) -> bool:
        """Whether the column is right-aligned."""
        return self.kind in ("number", "money")


def _text(value: Any, now: datetime) -> str:
    return EMPTY if value is None or value == "" else cell_text(value)


def _number(value: Any, now: datetime) -> str:
    return EMPTY if value is None else cell_text(f"{value:,}")


def _money(value: Any, now: datetime) -> str:
    return EMPTY if value is None else money_text(value)


def _date(value: date | None, now: datetime) -> str:
    return EMPTY if value is None else short_date(value, now.date())


def _moment(value: datetime | None, now: datetime) -> str:
    return EMPTY if value is None else moment_words(value, now)


def _chip(value: tuple[str, str] | None, now: datetime) -> str:
    return EMPTY if value is None else chip(value[0], value[1])


def _risk(value: int | str | None, now: datetime) -> str:
    return EMPTY if value in (None, "") else risk(value)


KINDS: dict[str, Callable[[Any, datetime], str]] = {
    "title": _text,
    "text": _text,
    "meta": _text,
    "html": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "moment": _moment,
    "chip": _chip,
    "risk": _risk,
    "due": lambda value, now: due_html(due(value, now)),
}
CSS = {
    "title": "al-main",
    "meta": "al-nowrap al-meta",
    "number": "is-num",
    "money": "is-num al-nowrap",
    "date": "al-nowrap",
    "moment": "al-nowrap",
}


def compile_rows(
    columns: Sequence[Column],
    link: Callable[[Row], str] | None = None,
    selectable: bool = False,
    verbs: Callable[[Row], str] | None = None,
) -> Callable[[Iterable[Row]], SafeString]:
    """Return the function that turns rows into the ``tbody`` rows of a stacking table.

    ``link`` gives the address of a row for its ``title`` column; ``selectable`` adds the check box column,
    ``verbs`` names the bulk verbs that a row allows, as words.
    """
    cells = [_cell(column, link) for column in columns]
    if selectable:
        cells.insert(0, _select(columns, verbs))

    def render(rows: Iterable[Row]) -> SafeString:
        now = clock.now()
        return written(
            "".join("<tr>" + "".join([cell(row, now) for cell in cells]) + "</tr>\n" for row in rows)
        )

    return render


def _open_td(column: Column, void: bool = False) -> str:
    css, code = CSS.get(column.kind, ""), cell_text(column.code)
    if column.kind == "title":
        return f'<td class="{css}" data-col="{code}">'
    classes = f' class="{css}"' if css else ""
    hidden = "" if column.shown else " hidden"
    label = f' data-l="{cell_text(column.label)}"' if column.label else ""
    place = "hide" if void and column.on_phone in ("block", "inline") else column.on_phone
    return f'<td{classes} data-col="{code}" data-m="{place}"{label}{hidden}>'


def _cell(column: Column, link: Callable[[Row], str] | None) -> Cell:
    head, get, show, note = (
        _open_td(column),
        column.get,
        KINDS[column.kind],
        column.note,
    )
    if column.kind == "title" and link is not None:
        return _title_cell(head, get, link, note)
    if column.kind == "due" and column.closed is not None:
        closed = column.closed
        return lambda row, now: f"{head}{due_html(due(get(row), now, bool(closed(row))))}</td>"
    nothing = f"{_open_td(column, void=True)}{cell_text(column.empty)}"

    def cell(row: Row, now: datetime) -> str:
        text = show(get(row), now)
        below = _note(note(row), OFF_PHONE) if note else ""
        return f"{nothing if text == EMPTY else head + text}{below}</td>"

    return cell


def _title_cell(head: str, get: Getter, link: Callable[[Row], str], note: Getter | None) -> Cell:
    def cell(row: Row, now: datetime) -> str:
        below = _note(note(row)) if note else ""
        text = _text(get(row), now)
        return f'{head}<a class="al-table__t" href="{cell_text(link(row))}">{text}</a>{below}</td>'

    return cell


def _note(text: Any, extra: str = "") -> str:
    return f'<div class="al-meta{extra}">{cell_text(text)}</div>' if text else ""


def _select(columns: Sequence[Column], verbs: Callable[[Row], str] | None) -> Cell:
    name = next((c.get for c in columns if c.kind == "title"), columns[0].get)

    def allowed(row: Row) -> str:
        return f' data-verbs="{cell_text(verbs(row))}"' if verbs else ""

    def cell(row: Row, now: datetime) -> str:
        return (
            '<td data-m="hide" class="al-sel"><input class="form-check-input" type="checkbox" name="chosen" '
            f'value="{cell_text(row.pk)}"{allowed(row)} '
            f'aria-label="选择 {cell_text(name(row))}" x-on:change="count"></td>'
        )

    return cell
