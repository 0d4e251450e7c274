"""The trail as a file: values are text and never formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from xlsxwriter import Workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def csv_answer(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], by: str) -> HttpResponse:
    """A CSV file that office programs open as UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(heads)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    writer.writerow([f"导出人：{by}"])
    return _attachment(("\ufeff" + sheet.getvalue()).encode(), "text/csv; charset=utf-8", "audit.csv")


def xlsx_answer(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], by: str) -> HttpResponse:
    """An Excel file."""
    content = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, heads)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                sheet.write_string(last, place, value[:LONGEST])
        sheet.write_string(last + 1, 0, f"导出人：{by}")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attachment(content.getvalue(), kind, "audit.xlsx")
