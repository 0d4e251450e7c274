"""Child: the first visible sheet of an .xlsx workbook as it is laid out: cells, formulas, merges, sizes, looks."""

import zipfile
from typing import Any
from xml.etree import ElementTree

from anlan.engines.files.children.confining import fail, run, say
from anlan.engines.files.children.looks import MAIN, Looks
from anlan.engines.files.children.plates import Plate, plate_of

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
MOST_TEXTS = 100_000


def blueprint(path: str, max_rows: int, max_columns: int) -> None:
    """One line of sizes, one of looks, one of cells ``[row, column, kind, value, formula, look]`` from 0."""
    try:
        with zipfile.ZipFile(path) as package:
            _tell(package, max_rows, max_columns)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError, ValueError):
        fail("broken")


def _tell(package: zipfile.ZipFile, max_rows: int, max_columns: int) -> None:
    name, part, sheets = _first_sheet(package)
    plate = plate_of(package, part, _texts(package), max_rows, max_columns)
    looks = Looks.of(package)
    used = sorted({cell[5] for cell in plate.cells})
    places = {style: number for number, style in enumerate(used)}
    say(_sizes(name, plate, _notes(package, sheets)))
    say({"looks": [looks.look(style) for style in used]})
    say({"cells": [[*cell[:5], places[cell[5]]] for cell in plate.cells]})


def _sizes(name: str, plate: Plate, notes: list[str]) -> dict[str, Any]:
    return {
        "sheet": name,
        "rows": plate.rows,
        "columns": plate.columns,
        "widths": plate.widths,
        "heights": plate.heights,
        "merges": plate.merges,
        "landscape": plate.landscape,
        "notes": notes,
    }


def _first_sheet(package: zipfile.ZipFile) -> tuple[str, str, int]:
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - no declarations, bounded
    shown = [sheet for sheet in book.iter(f"{MAIN}sheet") if sheet.get("state", "visible") == "visible"]
    if not shown:
        raise ValueError("no sheet")
    rels = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - the same
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels.iter(f"{PACKAGE}Relationship")}
    target = targets[shown[0].get(f"{RELATIONS}id")]
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return shown[0].get("name", ""), part, len(shown)


def _texts(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    found: list[str] = []
    with package.open("xl/sharedStrings.xml") as stream:
        for _, node in ElementTree.iterparse(stream):  # noqa: S314 - no declarations, memory is bounded
            if node.tag == f"{MAIN}si":
                found.append(text_in(node))
                node.clear()
            if len(found) > MOST_TEXTS:
                fail("rows")
    return found


def text_in(node: ElementTree.Element) -> str:
    """The words of a string item, without the reading aids of East Asian text."""
    parts = [run for run in node if run.tag != f"{MAIN}rPh"]
    texts = (item.text or "" for run in parts for item in run.iter(f"{MAIN}t"))
    return "".join(texts)


def _notes(package: zipfile.ZipFile, sheets: int) -> list[str]:
    names = package.namelist()
    notes = ["sheets"] if sheets > 1 else []
    if any(name.startswith("xl/externalLinks/") for name in names):
        notes.append("links")
    if any(name.startswith(("xl/media/", "xl/charts/")) for name in names):
        notes.append("pictures")
    return notes


if __name__ == "__main__":
    run(blueprint)
