"""An Excel report in and out again: merges, widths, heights, borders, fonts, number formats, formulas."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from anlan.engines.forms.codec import from_json, to_json
from anlan.engines.forms.layouts.drafting import Draft, draft_from
from anlan.engines.forms.layouts.labels import label_of
from anlan.engines.forms.layouts.lattice import Layout
from anlan.engines.forms.layouts.writing import Page, write_pages
from anlan.kernel.errors import Rejected
from tests.files.making import a_package
from tests.forms.layouts.making import NAME, a_report

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def drafted(folder: Path, content: bytes, name: str = NAME) -> Draft:
    path = folder / name
    path.write_bytes(content)
    return draft_from(path, name)


def looks(draft: Draft) -> dict[str, Any]:
    return {spot.at: draft.layout.look_of(spot) for spot in draft.layout.spots}


def raw(content: bytes) -> tuple[list[str], list[float], list[tuple[str, float]]]:
    """Merged ranges, widths and heights straight from the XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        tree = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    merges = sorted(node.get("ref", "") for node in tree.iter(f"{MAIN}mergeCell"))
    widths = [float(node.get("width", 0)) for node in _columns(tree)]
    heights = [
        (row.get("r", ""), float(row.get("ht", 0))) for row in tree.iter(f"{MAIN}row") if row.get("ht")
    ]
    return merges, widths, [one for one in heights if one[1] != 15]


def _columns(tree: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for node in tree.iter(f"{MAIN}col"):
        yield from [node] * (int(node.get("max", 1)) - int(node.get("min", 1)) + 1)


def test_what_goes_in_comes_out_with_the_same_layout_and_the_values_in_place(tmp_path: Path):
    sent = a_report()
    draft = drafted(tmp_path, sent)
    filled = {
        "B4": Decimal(30),
        "C4": Decimal("12.5"),
        "D4": Decimal(40),
        "E4": Decimal("0.9412"),
        "B7": "=1+1 一小",
    }
    filled |= {"E7": date(2026, 9, 1)}
    out = tmp_path / "out.xlsx"
    write_pages(out, [Page("统计表", draft.layout, filled, draft.formulas)])
    assert raw(out.read_bytes()) == raw(sent)
    again = drafted(tmp_path, out.read_bytes(), "again.xlsx")
    before, after = looks(draft), looks(again)
    assert {at: after[at] for at in before if at != "E7"} == {at: before[at] for at in before if at != "E7"}
    assert again.formulas == draft.formulas
    assert again.layout.landscape
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[3][:5] == ["灭火器", 30.0, 12.5, 40.0, 0.9412]
    assert rows[6][1] == "=1+1 一小"
    assert rows[6][4] == date(2026, 9, 1)


def test_a_layout_survives_being_stored(tmp_path: Path):
    layout = drafted(tmp_path, a_report()).layout
    assert from_json(Layout, to_json(layout)) == layout


def test_cells_are_named_by_the_headings_around_them(tmp_path: Path):
    layout = drafted(tmp_path, a_report()).layout
    assert label_of(layout, "B4") == "灭火器：数量 室内"
    assert label_of(layout, "E5") == "摄像头：合格 合格率"
    assert label_of(layout, "B8") == "存在问题"


@pytest.mark.requirement("D12.7")
def test_formulas_nobody_can_compute_and_pictures_of_other_sheets_are_left_out_by_name(tmp_path: Path):
    def more(book: Any, sheet: Any) -> None:
        sheet.write_formula("B5", "=VLOOKUP(A5,A1:B3,2)", None, 7)
        sheet.write_formula("C5", "=[1]表!A1")
        book.add_worksheet("说明")

    draft = drafted(tmp_path, a_report(more=more))
    assert "B5" not in draft.formulas
    assert any(note.startswith("B5 的公式没有带入") for note in draft.notes)
    assert any(note.startswith("C5 的公式没有带入") for note in draft.notes)
    assert any("只取了第一张" in note for note in draft.notes)


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**members, **parts}.items():
            package.writestr(name, data)
    return buffer.getvalue()


def part(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("xl/worksheets/sheet1.xml")


def hostile() -> dict[str, tuple[bytes, str]]:
    """Files nobody should send, and words of their refusal."""
    sound = a_report()
    sheet = part(sound)
    entity = sheet.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
    overlap = sheet.replace(b"<mergeCells", b"<mergeCells", 1).replace(
        b'<mergeCell ref="A1:E1"/>', b'<mergeCell ref="A1:E1"/><mergeCell ref="A1:A3"/>'
    )
    far = sheet.replace(b'r="A8"', b'r="A9999999"')
    return {
        "macros": (repacked(sound, **{"xl/vbaProject.bin": b"x"}), "宏"),
        "locked": (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "密码"),
        "cut short": (sound[: len(sound) // 2], "损坏"),
        "no spreadsheet": (b"hello", "损坏"),
        "entities": (repacked(sound, **{"xl/worksheets/sheet1.xml": entity}), "不安全"),
        "bomb": (a_package({"xl/workbook.xml": b"0" * 400 * 1024 * 1024}), "过大"),
        "overlapping merges": (repacked(sound, **{"xl/worksheets/sheet1.xml": overlap}), "重叠"),
        "a row far away": (repacked(sound, **{"xl/worksheets/sheet1.xml": far}), "行数太多"),
        "not XML": (repacked(sound, **{"xl/worksheets/sheet1.xml": b"<worksheet><row"}), "损坏"),
        "nothing in it": (repacked(sound, **{"xl/worksheets/sheet1.xml": b"<worksheet/>"}), "没有内容"),
        "no workbook part": (a_package({"xl/workbook.xml": b"<x/>"}), "损坏"),
        "500 rows": (a_report(more=lambda book, sheet: sheet.write_column("A10", ["x"] * 500)), "行数太多"),
        "200 columns": (a_report(more=lambda book, sheet: sheet.write_row("A10", ["x"] * 200)), "列数太多"),
    }


HOSTILE = hostile()


@pytest.mark.requirement("D12.7")
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_broken_or_oversized_file_is_refused_with_words(tmp_path: Path, what: str):
    content, words = HOSTILE[what]
    with pytest.raises(Rejected) as refused:
        drafted(tmp_path, content)
    assert words in refused.value.message


def test_a_sheet_that_eats_memory_takes_only_the_child_along(tmp_path: Path, settings: Any):
    settings.FILES = {**getattr(settings, "FILES", {}), "reader_memory": 40 * 1024 * 1024}
    long = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    with pytest.raises(Rejected) as refused:
        drafted(tmp_path, repacked(a_report(), **{"xl/sharedStrings.xml": long % (b"abcdefgh" * 2_300_000)}))
    assert "过大" in refused.value.message


def test_a_file_that_keeps_the_reader_busy_is_given_up(tmp_path: Path, settings: Any):
    settings.FILES = {**getattr(settings, "FILES", {}), "reader_seconds": 1}
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1, 900_000))
    slow = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    with pytest.raises(Rejected) as refused:
        drafted(tmp_path, repacked(a_report(), **{"xl/worksheets/sheet1.xml": slow % rows}))
    assert "无法读取" in refused.value.message or "没有内容" in refused.value.message
