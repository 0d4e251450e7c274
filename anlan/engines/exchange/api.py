"""The exchange engine's door: reading and writing spreadsheets."""

from anlan.engines.exchange.columns import Column, date_text, half_width, match, text_of, texts, titles_of
from anlan.engines.exchange.numbered import NumberedLine, read_numbered_lines
from anlan.engines.exchange.sheets import Sheet, SheetRow, read_sheet, read_upload
from anlan.engines.exchange.writing import write_csv, write_sheet

__all__ = [
    "Column",
    "NumberedLine",
    "Sheet",
    "SheetRow",
    "date_text",
    "half_width",
    "match",
    "read_numbered_lines",
    "read_sheet",
    "read_upload",
    "text_of",
    "texts",
    "titles_of",
    "write_csv",
    "write_sheet",
]
