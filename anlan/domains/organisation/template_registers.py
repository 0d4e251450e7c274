"""Ledger of letter templates (S05.3)."""

from typing import Any

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.organisation.issuing import ISSUERS
from anlan.domains.organisation.letters import LetterTemplate
from anlan.engines.registry.api import Ledger, ledger


@ledger
class Templates(Ledger):
    """Templates, one's own and those of the units above."""

    code = "organisation.templates"
    model = LetterTemplate
    title, noun, icon = "责任书模板", "个", "file-text"
    area, group, order = "safety", "责任书", 420
    columns = "title level org updated_at"
    filters = "level org"
    search = "title body"
    key = "org title"
    form = "org title level body"
    facts = "title level org body"
    sort = "title"
    example = {"title": "消防安全责任书", "level": "school", "body": "【姓名】作为【单位】【岗位】，承诺……"}
    roles = {
        "view": (*ABOVE, *AT_SCHOOL),
        **dict.fromkeys(("add", "edit", "archive", "import", "export"), ISSUERS),
    }

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit lays it down."""
        return {"org": user.unit_id}
