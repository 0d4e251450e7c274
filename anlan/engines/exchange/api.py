"""The exchange engine's door: reading and writing spreadsheets."""

from anlan.engines.exchange.applying import apply, cancel
from anlan.engines.exchange.columns import Column, date_text, half_width, match, text_of, texts, titles_of
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.numbered import NumberedLine, read_numbered_lines
from anlan.engines.exchange.preparing import prepare
from anlan.engines.exchange.sending import as_file
from anlan.engines.exchange.sessions import ImportSession
from anlan.engines.exchange.sheets import Sheet, SheetRow, read_sheet, read_upload
from anlan.engines.exchange.synchronising import Synchronised, synchronise
from anlan.engines.exchange.targets import Choice, Context, ImportTarget, Verdict, register_target
from anlan.engines.exchange.writing import write_csv, write_sheet

__all__ = [
    "Choice",
    "Column",
    "Context",
    "ImportSession",
    "ImportTarget",
    "NumberedLine",
    "Sheet",
    "SheetRow",
    "Synchronised",
    "Verdict",
    "apply",
    "as_file",
    "cancel",
    "date_text",
    "half_width",
    "match",
    "prepare",
    "read_numbered_lines",
    "read_sheet",
    "read_upload",
    "register_target",
    "synchronise",
    "target_of",
    "text_of",
    "texts",
    "titles_of",
    "write_csv",
    "write_sheet",
]
