"""Declaring a process: rights, flows, ledgers and pages in one call."""

from anlan.engines.files.api import register_reader
from anlan.engines.rounds.flows_made import (
    make_entry_flow,
    make_problem_flow,
    make_report_flow,
    make_round_flow,
)
from anlan.engines.rounds.ledgers_made import make_ledgers
from anlan.engines.rounds.processes import Process, enrol
from anlan.engines.rounds.reading import may_read_item
from anlan.shell.navigation import Page, add_page


def declare_process(process: Process) -> Process:
    """Make everything a process needs; ImproperlyConfigured for one that is declared twice."""
    enrol(process)
    make_round_flow(process)
    make_entry_flow(process)
    if process.writers:
        make_report_flow(process)
        make_problem_flow(process)
    make_ledgers(process)
    item = process.table("Item")._meta.label_lower
    register_reader(item, lambda user, pk: may_read_item(process, user, pk))
    desk, right = process.url("desk/"), process.right("sheets.score")
    add_page(Page(process.area, process.group, f"{process.title}评分", desk, right, order=process.order + 5))
    return process
