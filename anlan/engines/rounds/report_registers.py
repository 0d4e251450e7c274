"""The ledgers of reports and of the problems they name (KG.16, KG.21-KG.27)."""

from typing import Any

from anlan.engines.registry.api import Ledger, block


class ReportLedger(Ledger):
    """Reports; written by one person each, sent when the lead has confirmed them."""

    readonly = True
    columns = "org round writer state due_on"
    filters, search = "org round state", "org__name round__title body"
    facts = "org round writer state due_on"
    views = {"待确认": "state=submitted", "整改中": "state=confirmed"}
    noun, icon = "份", "file-text"

    @block("报告正文", "rounds/report_body.html", printed=True)
    def text(self, request: Any, record: Any) -> dict[str, Any]:
        """What is written, in its paragraphs."""
        return {"report": record}

    @block("整改问题", "rounds/problems.html", printed=True)
    def problems(self, request: Any, record: Any) -> dict[str, Any]:
        """What is to be put right, with its feedback."""
        rows = record.problems.exclude(state="dropped").select_related("round", "org", "report")
        return {"problems": rows}


class ProblemLedger(Ledger):
    """Problems to be put right."""

    readonly = True
    columns = "text leaf org state due_at round"
    filters, search = "org round state", "text answer org__name"
    facts = "text leaf answer org round report due_at"
    views = {"待确认": "state=answered", "待整改": "state=open"}
    files, photos = {"after": "整改佐证"}, ""
    noun, icon, sort = "项", "alert-triangle", "due_at"
