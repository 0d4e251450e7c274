"""Reading the seed files that come with the base floor."""

import csv
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file by column name; seeds are UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def seed_rows(folder: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every row of every CSV file of a seed folder with the file's stem, files in order of name."""
    for path in sorted((SEEDS / folder).glob("*.csv")):
        for row in rows_of(path):
            yield path.stem, row
