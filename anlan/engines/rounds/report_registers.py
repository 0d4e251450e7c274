"""The ledgers of reports and of the problems they name (KG.16, KG.21-KG.27)."""

from typing import Any

from anlan.engines.registry.api import Ledger, block
from anlan.engines.rounds.reports import BEING_WRITTEN


class ReportLedger(Ledger):
    """Reports; written by one person each, sent when the lead has confirmed them."""

    columns = "org round writer state due_on"
    filters, search = "org round state", "org__name round__title body"
    form = "body due_on"
    facts = "org round writer state due_on body"
    while_in = {"edit": " ".join(BEING_WRITTEN)}
    views = {"待确认": "state=submitted", "整改中": "state=confirmed"}
    noun, icon = "份", "file-text"

    @block("整改问题", "rounds/problems.html")
    def problems(self, request: Any, record: Any) -> dict[str, Any]:
        """What is to be put right, with its feedback."""
        rows = record.problems.filter(archived_at=None).select_related("round", "org", "report")
        stem = f"/{self.app}/problems/"
        writing = record.state in BEING_WRITTEN and record.writer_id == request.user.pk
        return {"problems": rows, "add": f"{stem}new?report={record.pk}" if writing else ""}


class ProblemLedger(Ledger):
    """Problems to be put right."""

    columns = "leaf text org state due_at round"
    filters, search = "org round state", "text answer org__name"
    form = "report leaf text"
    facts = "leaf text answer org round report due_at"
    while_in = {"edit": "drafted", "archive": "drafted"}
    views = {"待确认": "state=answered", "待整改": "state=open"}
    files, photos = {"after": "整改佐证"}, ""
    noun, icon, sort = "项", "alert-triangle", "due_at"

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Only into a report that one is writing; unit and round follow from it."""
        report = values.get("report") or getattr(record, "report", None)
        if report is None:
            return {}
        values |= {"org": report.org, "round": report.round}
        mine = report.writer_id == user.pk and report.state in BEING_WRITTEN
        return {} if mine else {"report": "只能写进您正在编写的报告"}
