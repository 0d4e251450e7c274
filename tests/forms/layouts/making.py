"""A report as a bureau draws it in Excel: title over all columns, two header rows, borders, widths, formulas."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

NAME = "学校安全设施统计表.xlsx"


def a_report(**options: Any) -> bytes:
    """The workbook; ``more(book, sheet)`` may add to it."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("统计表")
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        head = book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#DDEBF7",
            }
        )
        body = book.add_format({"border": 1, "num_format": "0"})
        rate = book.add_format({"border": 1, "bottom": 5, "num_format": "0.00%"})
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 4, 11.5)
        sheet.set_row(0, 30)
        sheet.merge_range("A1:E1", "学校安全设施统计表", title)
        sheet.merge_range("A2:A3", "项目", head)
        sheet.merge_range("B2:C2", "数量", head)
        sheet.merge_range("D2:E2", "合格", head)
        sheet.write_row("B3", ["室内", "室外", "合格数", "合格率"], head)
        for row, name in ((4, "灭火器"), (5, "摄像头")):
            sheet.write(f"A{row}", name, body)
            for column in "BCD":
                sheet.write_blank(f"{column}{row}", None, body)
            sheet.write_formula(f"E{row}", f"=ROUND(D{row}/(B{row}+C{row}),4)", rate)
        sheet.write("A6", "合计", body)
        for column in "BCD":
            sheet.write_formula(f"{column}6", f"=SUM({column}4:{column}5)", body)
        sheet.write_formula("E6", "=ROUND(D6/(B6+C6),4)", rate)
        sheet.write("A7", "学校名称", body)
        sheet.merge_range("B7:C7", "", body)
        sheet.write("D7", "检查日期", body)
        sheet.write_blank("E7", None, body)
        sheet.write("A8", "存在问题", body)
        sheet.merge_range("B8:E8", "", body)
        sheet.set_landscape()
        if "more" in options:
            options["more"](book, sheet)
    return buffer.getvalue()


def an_upload(content: bytes | None = None, name: str = NAME) -> SimpleUploadedFile:
    """The workbook as somebody sends it."""
    return SimpleUploadedFile(name, a_report() if content is None else content)
