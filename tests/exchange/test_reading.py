"""Sheets as people really send them."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from anlan.engines.exchange.api import (
    Column,
    date_text,
    match,
    read_numbered_lines,
    read_sheet,
    text_of,
    texts,
    write_csv,
    write_sheet,
)
from anlan.engines.files.api import Lossy
from anlan.kernel.errors import Rejected
from tests.files.making import EXE, a_docx, a_package, an_ole

COLUMNS = (
    Column("name", "名称", required=True, aliases=("器材名称",)),
    Column("count", "数量（具）"),
    Column("on", "购置日期"),
)
TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def book(tmp_path: Path) -> Any:
    """A workbook to be filled by hand: ``book(fill)`` gives its path."""

    def make(fill: Any) -> Path:
        path = tmp_path / "book.xlsx"
        with Workbook(str(path)) as workbook:
            fill(workbook, workbook.add_worksheet())
        return path

    return make


def test_the_heading_is_found_below_titles_and_row_numbers_are_those_of_the_file(book: Any) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 2, "晋江市消防器材台账（2026年）")
        sheet.write(1, 0, "填报单位：池店一小")
        sheet.write_row(2, 0, ["名 称*", "数量(具)：", "购置日期（必填）"])
        sheet.write_row(3, 0, ["灭火器", 3])
        sheet.write_datetime(3, 2, date(2026, 3, 1), workbook.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_row(6, 0, ["消火栓", "１２", "2026年3月1日"])

    sheet = read_sheet(book(fill), titles=TITLES)
    assert [row.number for row in sheet.rows] == [4, 7]
    assert sheet.rows[0].cells == ("灭火器", 3, date(2026, 3, 1))
    rows = list(texts(sheet, COLUMNS))
    assert rows[0] == (4, {"name": "灭火器", "count": "3", "on": "2026-03-01"}, {})
    assert date_text(rows[1][1]["on"]) == "2026-03-01"


def test_two_heading_rows_with_merged_cells_are_one_heading(book: Any) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 0, "名称")
        sheet.merge_range(0, 1, 0, 2, "校内")
        sheet.merge_range(0, 3, 0, 4, "校外")
        sheet.write_row(1, 1, ["人数", "面积", "人数", "地址"])
        sheet.write_row(2, 0, ["一班", 40, 60.5, 2, "东街"])

    sheet = read_sheet(book(fill), titles=["名称", "校内-人数", "校外-人数"])
    assert sheet.headers == ("名称", "校内-人数", "面积", "校外-人数", "地址")
    assert sheet.rows[0].cells == ("一班", 40, 60.5, 2, "东街")


def test_cells_read_as_people_typed_them(book: Any) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["名称", "数量", "电话", "比例", "证号"])
        sheet.write_row(1, 0, [" 灭火器\u200b ", 3.0, "013859700001", 0.1, 350582201501011234])

    sheet = read_sheet(book(fill))
    assert [text_of(cell) for cell in sheet.rows[0].cells[:4]] == ["灭火器", "3", "013859700001", "0.1"]
    assert isinstance(sheet.rows[0].cells[4], Lossy)
    (_, _, problems) = next(texts(sheet, (Column("id", "证号"),)))
    assert "末几位" in problems["id"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_comma_separated_files_in_both_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('名称,数量\r\n灭火器,3\r\n\r\n"消火\n栓",\r\n'.encode(encoding))
    sheet = read_sheet(path)
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("灭火器", "3")), (4, ("消火\n栓", None))]


def test_a_missing_or_double_column_is_named() -> None:
    with pytest.raises(Rejected, match="没有找到：名称"):
        match(["数量（具）"], COLUMNS)
    with pytest.raises(Rejected, match="出现了两次"):
        match(["名称", "器材名称"], COLUMNS)
    assert match(["序号", "器材 名称 *", "数量(具)"], COLUMNS) == {"name": 1, "count": 2}


HOSTILE = {
    "exe.xlsx": EXE,
    "empty.xlsx": b"",
    "locked.xlsx": an_ole("EncryptedPackage", "EncryptionInfo"),
    "macro.xlsx": a_package({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x"}),
    "macro.xls": an_ole("Workbook", "_VBA_PROJECT"),
    "broken.xlsx": a_package({"xl/workbook.xml": b"<workb"}),
    "entity.xlsx": a_package(
        {
            "xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'
        }
    ),
    "bomb.xlsx": a_package(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(60_000_000)}
    ),
    "binary.csv": bytes(range(256)),
    "book.xlsm": a_package({"xl/workbook.xml": b"<workbook/>"}),
    "page.html": b"<table><tr><td>1</td></tr></table>",
    "half.xls": an_ole("Workbook"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_in_plain_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(Rejected) as refusal:
        read_sheet(path)
    (said,) = refusal.value.fields["file"]
    assert said
    assert said.isascii() is False


def test_a_truncated_workbook_is_refused(book: Any, tmp_path: Path) -> None:
    whole = book(lambda _, sheet: sheet.write_row(0, 0, ["名称", "数量"])).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Rejected, match="损坏"):
        read_sheet(path)


def test_a_cell_at_the_far_corner_does_not_take_the_server_down(book: Any) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write(0, 0, "名称")
        sheet.write(1_048_575, 16_383, "远")

    with pytest.raises(Rejected):
        read_sheet(book(fill))


def test_too_many_rows_are_refused_before_they_are_read(book: Any) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        for number in range(30):
            sheet.write_row(number, 0, ["名称", number])

    with pytest.raises(Rejected, match="行数太多"):
        read_sheet(book(fill), max_rows=20)


def test_numbered_lines_of_both_kinds_of_document(tmp_path: Path) -> None:
    lines = [
        "消防安全检查",
        "1. 灭火器压力是否正常",
        "2、通道是否畅通",
        "（三）门锁完好",
        "说明文字",
        "④ 2026 年已换新",
    ]
    wanted = ["灭火器压力是否正常", "通道是否畅通", "门锁完好", "2026 年已换新"]
    word, text = tmp_path / "a.docx", tmp_path / "a.txt"
    word.write_bytes(a_docx(*lines))
    text.write_bytes("\r\n".join(lines).encode("gbk"))
    for path in (word, text):
        assert [line.text for line in read_numbered_lines(path)] == wanted
    word.write_bytes(a_docx("没有编号"))
    with pytest.raises(Rejected, match="没有找到带编号"):
        read_numbered_lines(word)


@pytest.mark.requirement("MLPS.12")
def test_what_is_written_reads_back_the_same_and_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = [["=1+1", "@SUM(A1)", "0013", 3, date(2026, 3, 1), None]]
    rows += [[f"灯{n}", "", "", n, None, ""] for n in range(120)]
    titles = ["名称", "备注", "代码", "数量", "日期", "空"]
    assert (
        write_sheet(path, titles, iter(rows), note=[("导出人", "王老师"), ("时间", "2026-10-20 09:10")])
        == 121
    )
    sheet = read_sheet(path, titles=titles)
    assert sheet.headers == tuple(titles)
    assert sheet.rows[0].cells == ("=1+1", "@SUM(A1)", "0013", 3, date(2026, 3, 1), None)
    assert [row.cells[0] for row in sheet.rows[1:]] == [f"灯{n}" for n in range(120)]
    with zipfile.ZipFile(path) as package:
        assert not any(b"<f>" in package.read(part) for part in package.namelist())


def test_comma_separated_output_is_inert_and_reads_back(tmp_path: Path) -> None:
    content = write_csv(["名称", "数量"], [["=cmd|' /C calc'!A0", -3], ["+86", 2]])
    assert b"'=cmd" in content
    assert content.startswith(b"\xef\xbb\xbf")
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert [row.cells for row in read_sheet(path).rows] == [("=cmd|' /C calc'!A0", "-3"), ("+86", "2")]
