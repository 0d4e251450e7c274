"""The ledger of closed school years: searched across years, printed, exported, reopened with consent (S06.6)."""

from typing import Any

from django import forms

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.accounts.closings import SHUT, Closing, last_year
from anlan.domains.accounts.exemptions import SCHOOL
from anlan.domains.accounts.packing import FORMATS, start_packing
from anlan.domains.accounts.shown_years import files_of, seen_sections
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

SEEING = " ".join((*ABOVE, *AT_SCHOOL))


class FormatForm(forms.Form):
    """What the closed year is to leave the house as."""

    kind = forms.ChoiceField(label="文件格式", choices=FORMATS, initial="zip", widget=forms.RadioSelect)


def is_closed(closing: Closing) -> bool:
    """Whether there is something frozen to take along."""
    return closing.state in SHUT


@ledger
class Closings(Ledger):
    """Closed school years."""

    code = "accounts.closings"
    model = Closing
    title, noun, icon = "学年归档", "份", "archive"
    area, group, order = "accounts", "台账", 28
    columns = "closed_year year org state completeness rows created_at"
    facts = "org year state completeness rows created_at created_by reason opinion"
    filters, search, sort = "org year state", "words org__name", "-year"
    form = "org year"
    photos = ""
    views = {"待同意重新打开": "state=asked", "已重新打开": "state=opened"}
    example = {"year": "2024-2025"}
    happenings = {"freeze": "冻结归档内容", "export": "导出"}
    at_home = traced = True
    while_in = {"edit": "draft"}
    roles = {"view": SEEING, "add": SCHOOL, "edit": SCHOOL, "export": SEEING}

    def begin(self, user: Any) -> dict[str, Any]:
        """The year of the own school that ended last."""
        return {"org": user.unit_id, "year": last_year()}

    @computed("归档台账")
    def closed_year(self, row: Closing) -> str:
        """The year in words."""
        return f"{row.year} 学年安全台账"

    @computed("完整度")
    def completeness(self, row: Closing) -> str:
        """As it was when the year was closed."""
        return "不适用" if row.percent is None else f"{row.percent}%"

    @act("导出归档", "accounts.closings.export", form=FormatForm, icon="download", when=is_closed)
    def pack(self, actor: Actor, record: Closing, values: dict[str, Any]) -> str:
        """A job makes the file; go to where its progress is seen."""
        start_packing(actor, record, values["kind"])
        return "/jobs/"

    @block("归档内容", "accounts/closed.html", printed=True)
    def contents(self, request: Any, record: Closing) -> dict[str, Any] | None:
        """Every ledger with its rows and files."""
        if record.state == "draft":
            return None
        sections = seen_sections(request.user if request else None, record)
        papers = files_of(sections)
        shown = [
            (one, [(row, [papers[uid] for uid in row["files"] if uid in papers]) for row in one["rows"]])
            for one in sections
        ]
        return {"sections": shown, "opened": record.state == "opened"}


archives("accounts.closings", "ledger", ended="closed asked")
