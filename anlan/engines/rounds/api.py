"""The door of the engine of rounds: declaring a process of evaluation, its tables, and what is done with them."""

from anlan.engines.rounds.assessors import Assessor, conflicts, listed
from anlan.engines.rounds.declaring import declare_process
from anlan.engines.rounds.entries import EntryRecord, ItemRecord, Said, open_leaves, save_item
from anlan.engines.rounds.panels import dissolve, form_panel, free_leaves, replace_judge
from anlan.engines.rounds.processes import Process, Text, process_of, processes
from anlan.engines.rounds.publishing import aggregate, demand
from anlan.engines.rounds.reports import ProblemRecord, ReportRecord, appoint
from anlan.engines.rounds.returning import return_sheet
from anlan.engines.rounds.reviewing import collected, review, reviews_of
from anlan.engines.rounds.round_records import PanelRecord, RoundRecord
from anlan.engines.rounds.schemes import IndicatorRecord, SchemeRecord, copy_scheme, tree_of
from anlan.engines.rounds.sheets import SheetRecord, save_score, sheets_for, submit_sheet, take_back
from anlan.engines.rounds.verdicts import VerdictRecord, case_of, outstanding

__all__ = [
    "Assessor",
    "EntryRecord",
    "IndicatorRecord",
    "ItemRecord",
    "PanelRecord",
    "ProblemRecord",
    "Process",
    "ReportRecord",
    "RoundRecord",
    "Said",
    "SchemeRecord",
    "SheetRecord",
    "Text",
    "VerdictRecord",
    "aggregate",
    "appoint",
    "case_of",
    "collected",
    "conflicts",
    "copy_scheme",
    "declare_process",
    "demand",
    "dissolve",
    "form_panel",
    "free_leaves",
    "listed",
    "open_leaves",
    "outstanding",
    "process_of",
    "processes",
    "replace_judge",
    "return_sheet",
    "review",
    "reviews_of",
    "save_item",
    "save_score",
    "sheets_for",
    "submit_sheet",
    "take_back",
    "tree_of",
]
