"""The ledger of those who evaluate, common to all processes (KG.10)."""

from typing import Any

from anlan.engines.registry.api import Ledger, ledger
from anlan.engines.rounds.assessors import Assessor, holders
from anlan.shell.navigation import add_area

add_area("evaluation", "评估督导", "star", order=40)
KEPT_BY = "bureau_safety bureau_supervision bureau_moral"


@ledger
class AssessorLedger(Ledger):
    """People who evaluate."""

    model = Assessor
    roles = dict.fromkeys(("view", "add", "edit", "archive", "export"), KEPT_BY)
    code, title, area, group = "rounds.assessors", "评审人员", "evaluation", "评审"
    columns = "user judges writes specialty org"
    filters, search, key = "org judges writes", "user__name specialty", "org user"
    form = "org user judges writes specialty avoids"
    facts = "user judges writes specialty avoids org"
    choices = {"user": lambda found, user: found.filter(pk__in=holders("sheets.score", "reports.write"))}
    noun, icon = "人", "users"

    def begin(self, user: Any) -> dict[str, Any]:
        """Of the own department."""
        return {"org": user.unit_id}
