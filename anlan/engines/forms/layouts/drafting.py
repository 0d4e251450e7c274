"""From an Excel file to a layout and the formulas in it; what cannot come along is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from anlan.engines.files.api import Blueprint, read_blueprint, recognise
from anlan.engines.forms.layouts.formulas import moved, parse
from anlan.engines.forms.layouts.lattice import Layout, Look, Spot, address
from anlan.kernel.errors import Rejected

LEFT_OUT = {
    "sheets": "文件里有几张表，只取了第一张",
    "links": "文件里引用了别的文件，这些引用没有带入",
    "pictures": "图片和图表没有带入",
}
KNOWN = {field.name for field in fields(Look)}
LONGEST = 500
DATED = re.compile(r"yy|年|m/d", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A layout, its formulas by address, and what was left out, in words."""

    layout: Layout
    formulas: dict[str, str]
    notes: tuple[str, ...]


def draft_from(path: Path, name: str) -> Draft:
    """The first sheet of an .xlsx file. Rejected (field ``file``) for macros, passwords, and files too large."""
    if recognise(path, name).code != "xlsx":
        raise Rejected({"file": "请上传 .xlsx 表格；旧版 .xls 请在 Excel 或 WPS 里另存为 .xlsx"})
    said = read_blueprint(path)
    formulas, refused = _formulas(said)
    layout = Layout(
        sheet=said.sheet[:31] or "表",
        widths=tuple(_size(width) for width in said.widths),
        heights=tuple(_size(height) for height in said.heights),
        merges=tuple(f"{address(a, b)}:{address(c, d)}" for a, b, c, d in _apart(said.merges)),
        looks=tuple(_look(look) for look in said.looks),
        spots=tuple(_spots(said, formulas)),
        landscape=said.landscape,
    )
    notes = [LEFT_OUT[code] for code in said.notes]
    notes += [f"{at} 的公式没有带入：{why}" for at, why in refused.items()]
    return Draft(layout, formulas, tuple(notes))


def _size(number: float) -> str:
    return f"{Decimal(repr(number)).quantize(Decimal('0.0001')).normalize():f}"


def _look(said: dict[str, Any]) -> Look:
    size = {"size": _size(float(said["size"]))} if said.get("size") else {}
    return Look(**{name: value for name, value in said.items() if name in KNOWN} | size)


def _apart(merges: list[list[int]]) -> list[list[int]]:
    """Merged ranges; Rejected where two of them overlap, as only a broken file can say."""
    taken: set[tuple[int, int]] = set()
    for a, b, c, d in merges:
        cells = {(row, column) for row in range(a, c + 1) for column in range(b, d + 1)}
        if cells & taken or c < a or d < b:
            raise Rejected({"file": "表里的合并单元格互相重叠，请重新保存后再传"})
        taken |= cells
    return merges


def _spots(said: Blueprint, formulas: dict[str, str]) -> Iterator[Spot]:
    for row, column, kind, value, _, look in said.cells:
        at = address(row, column)
        number = None if at in formulas or kind == "t" else _decimal(value)
        words = "" if at in formulas or number is not None else value[:LONGEST]
        yield Spot(at, look, words.strip(), number)


def _decimal(said: str) -> Decimal | None:
    try:
        number = Decimal(said) if said and len(said) <= 25 else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 15:
        return None
    return number.quantize(Decimal(1).scaleb(-10)).normalize() if -number.as_tuple().exponent > 10 else number  # type: ignore[operator]


def _formulas(said: Blueprint) -> tuple[dict[str, str], dict[str, str]]:
    """Formulas that can be computed, and why the others cannot; shared ones are written out for each cell."""
    shared: dict[str, tuple[str, int, int]] = {}
    kept: dict[str, str] = {}
    refused: dict[str, str] = {}
    for row, column, _, _, formula, _ in said.cells:
        if not formula:
            continue
        text, group = formula
        if group and text:
            shared[group] = (text, row, column)
        elif group and group in shared:
            first, from_row, from_column = shared[group]
            text = moved(first, row - from_row, column - from_column)
        try:
            parse(text)
        except Rejected as refusal:
            refused[address(row, column)] = refusal.message
        else:
            kept[address(row, column)] = text
    return kept, refused


def shown_number(spot: Spot, look: Look) -> str:
    """What is printed in a cell: words, or a number as its format says."""
    return spot.text if spot.number is None else in_format(f"{spot.number:f}", look.format)


def in_format(text: str, said: str) -> str:
    """A number in the words of a number format: days, and percentages with their decimals; other text as it is."""
    number = _decimal(text) if text else None
    if number is None:
        return text
    if DATED.search(said) and 0 < number < 200_000:
        return (date(1899, 12, 30) + timedelta(days=int(number))).isoformat()
    if said.endswith("%"):
        places = len(said.rstrip("%").partition(".")[2])
        return f"{(number * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}%"
    return text
