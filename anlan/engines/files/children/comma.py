"""Child: a CSV file in UTF-8 or GBK, split at commas, semicolons or tabs."""

import csv
import io
from pathlib import Path

from anlan.engines.files.children.confining import fail, run, say
from anlan.engines.files.children.rows import say_rows


def comma(path: str, max_rows: int, max_columns: int, _: int, first: int) -> None:
    """The whole file as one sheet."""
    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    if len(table) > max_rows and not first:
        fail("rows")
    if any(len(row) > max_columns for row in table):
        fail("columns")
    say({"sheet": "CSV", "column": 0, "merges": [], "height": len(table)})
    say_rows(table[: first or None])


if __name__ == "__main__":
    run(comma)
