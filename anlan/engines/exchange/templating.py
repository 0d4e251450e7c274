"""Sheets for people to fill: the template of an import and its bad rows with reasons."""

from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from anlan.engines.exchange.columns import Column
from anlan.engines.exchange.sessions import ImportRow, ImportSession
from anlan.engines.exchange.writing import OPTIONS, write_sheet

ROWS = 5000
LIST_LIMIT = 255
REASON = "原因（改好后可删去这一列）"


def template(path: Path, columns: Sequence[Column]) -> None:
    """Headings with stars on what is needed, drop-down lists, text format; a sheet on how to fill it."""
    with Workbook(str(path), {**OPTIONS, "constant_memory": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDF1F1", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("数据")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 18, text)
            sheet.write_string(0, place, column.title + ("*" if column.required else ""), head)
            if column.choices and len(",".join(column.choices)) <= LIST_LIMIT:
                sheet.data_validation(
                    1, place, ROWS, place, {"validate": "list", "source": list(column.choices)}
                )
        notes = book.add_worksheet("填写说明")
        notes.write_row(0, 0, ["列", "要求", "示例", "说明"], head)
        for number, column in enumerate(columns, 1):
            need = "必填" if column.required else "选填"
            hint = column.hint or "、".join(column.choices)
            notes.write_row(number, 0, [column.title, need, column.example, hint])
        notes.set_column(0, 3, 24)


def error_sheet(path: Path, session: ImportSession, columns: Sequence[Column]) -> int:
    """The bad rows of an import as they were, with row number and reason."""
    titles = {column.name: column.title for column in columns}
    rows = (
        [row.number, *(row.values.get(name, "") for name in titles), _reason(row, titles)]
        for row in ImportRow.bad_of(session).iterator()
    )
    note = [("来自文件", session.name), ("说明", "改好后把这张表重新上传即可，已导入的行不会重复")]
    return write_sheet(path, ["原行号", *titles.values(), REASON], rows, name="待改行", note=note)


def _reason(row: ImportRow, titles: dict[str, str]) -> str:
    return "；".join(f"{title}：{text}" if title else text for title, text in row.reasons(titles))
