"""Reading a sheet of 20,000 rows in the confined child against the bare parser in this process."""

import tempfile
from pathlib import Path

import python_calamine
from xlsxwriter import Workbook

from anlan.engines.files.api import read_grids
from bench.harness import Result, measure
from bench.province import Province

ROWS, COLUMNS = 20_000, 20


def written(path: Path) -> None:
    """Names, numbers and days as registers hold them."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [f"第{place}列" for place in range(COLUMNS)])
        for row in range(1, ROWS):
            for place in range(COLUMNS):
                if place % 2:
                    sheet.write_number(row, place, row * place)
                else:
                    sheet.write_string(row, place, f"晋江市第{row}实验小学{place}号楼")


def run(_: Province) -> list[Result]:
    """Whole file to rows; the ratio is what the fence around the parser costs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        written(path)

        def confined() -> int:
            return len(read_grids(path, "xlsx")[0].rows)

        def bare() -> int:
            return len(
                python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            )

        assert confined() == bare() == ROWS
        goal = {"goal": 4, "rounds": 5, "warm": 1}
        result = measure("spreadsheets", work=confined, floor=bare, rows=ROWS, columns=COLUMNS, **goal)
    return [result]
