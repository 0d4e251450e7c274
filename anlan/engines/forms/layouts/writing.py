"""Writing filled layouts back as .xlsx: the same merges, sizes, borders and formats, formulas as formulas."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from anlan.engines.forms.layouts.lattice import Layout, Look, Spot, address, corners, place_of

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
BORDERS = ("none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
           "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot")  # fmt: skip
ACROSS = {"left", "center", "right", "fill", "justify", "distributed"}
DOWN = {
    "top": "top",
    "center": "vcenter",
    "bottom": "bottom",
    "justify": "vjustify",
    "distributed": "vdistributed",
}
LONGEST, EXACT, PIXELS = 32_000, 10**15, 7
DAY, DATED = "yyyy-mm-dd", re.compile(r"yy|年|月|m/d", re.IGNORECASE)
Filled = Decimal | date | str | None


@dataclass(frozen=True)
class Page:
    """A sheet to write: its name, layout, values by cell, and formulas by cell (whose values are kept beside)."""

    name: str
    layout: Layout
    values: Mapping[str, Filled]
    formulas: Mapping[str, str] = field(default_factory=dict)


def write_pages(path: Path, pages: Iterable[Page]) -> int:
    """A workbook with one sheet a page, names made different; returns how many."""
    taken: set[str] = set()
    with Workbook(str(path), OPTIONS) as book:
        formats = _Formats(book)
        for page in pages:
            _write(book.add_worksheet(_named(page.name, taken)), page, formats)
    return len(taken)


def _named(name: str, taken: set[str]) -> str:
    plain = "".join(mark for mark in name if mark not in "[]:*?/\\'").strip() or "表"
    found, number = plain[:31], 1
    while found.lower() in taken:
        number += 1
        found = f"{plain[: 31 - len(str(number)) - 1]}-{number}"
    taken.add(found.lower())
    return found


class _Formats:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[Look, Any] = {}

    def of(self, look: Look) -> Any:
        """The format of a look."""
        if look not in self.made:
            self.made[look] = self.book.add_format(_properties(look))
        return self.made[look]


def _properties(look: Look) -> dict[str, Any]:
    said: dict[str, Any] = {
        "font_name": look.font,
        "font_size": _size(look.size),
        "bold": look.bold,
        "italic": look.italic,
        "underline": look.underline,
        "font_color": look.colour,
        "bg_color": look.fill,
        "text_wrap": look.wrap,
        "num_format": look.format,
        "align": look.horizontal if look.horizontal in ACROSS else "",
        "valign": DOWN.get(look.vertical, ""),
    }
    for side in ("left", "right", "top", "bottom"):
        style = getattr(look, side)
        said[side] = BORDERS.index(style) if style in BORDERS else 0
    return {name: value for name, value in said.items() if value}


def _size(said: str) -> float:
    """Points; whole ones without a fraction, as other programs write them."""
    size = Decimal(said or 0)
    return int(size) if size == size.to_integral() else float(size)


def _write(sheet: Any, page: Page, formats: _Formats) -> None:
    layout = page.layout
    for column, width in enumerate(layout.widths):
        size = Decimal(width)
        sheet.set_column_pixels(column, column, round(size * PIXELS), None, {} if size else {"hidden": True})
    for row, height in enumerate(layout.heights):
        size = Decimal(height)
        sheet.set_row(row, float(size) or None, None, {} if size else {"hidden": True})
    spots = layout.by_address()
    for merge in layout.merges:
        a, b, c, d = corners(merge)
        if (a, b) != (c, d):
            sheet.merge_range(a, b, c, d, "", formats.of(layout.look_of(spots.get(address(a, b)))))
    for at in dict.fromkeys([*spots, *page.values, *page.formulas]):
        spot, look = spots.get(at), layout.look_of(spots.get(at))
        if isinstance(page.values.get(at), date) and not DATED.search(look.format):
            look = replace(look, format=DAY)
        _cell(sheet, page, at, spot, formats.of(look))
    if layout.landscape:
        sheet.set_landscape()


def _cell(sheet: Any, page: Page, at: str, spot: Spot | None, look: Any) -> None:
    place, value = place_of(at), page.values.get(at)
    if at in page.formulas:
        sheet.write_formula(*place, f"={page.formulas[at]}", look, _cached(value))
    elif value is not None:
        _value(sheet, place, value, look)
    elif spot is not None and spot.number is not None:
        sheet.write_number(*place, spot.number, look)
    elif spot is not None and spot.text:
        sheet.write_string(*place, spot.text, look)
    else:
        sheet.write_blank(*place, None, look)


def _cached(value: Filled) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value or "")


def _value(sheet: Any, place: tuple[int, int], value: Filled, look: Any) -> None:
    if isinstance(value, Decimal) and abs(value) < EXACT:
        sheet.write_number(*place, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(*place, datetime.combine(value, time()), look)
    else:
        sheet.write_string(*place, _plain(str(value)), look)


def _plain(text: str) -> str:
    return "".join(mark for mark in text[:LONGEST] if mark >= " " or mark in "\n\t")
