"""Lists drawn from the register of hazards: the four lists of the bureau and requests for time (D03.2, SAF.18)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from anlan.domains.safety.hazard_registers import OVERSEERS, SCHOOL, HazardLedger
from anlan.domains.safety.pressing import Extension
from anlan.engines.archives.api import not_archived
from anlan.engines.files.api import Attachment
from anlan.engines.registry.api import Ledger, computed, ledger
from anlan.engines.workflow.api import Step
from anlan.kernel import clock

MODEL = "safety.hazard"
NO_DEADLINE = datetime(9999, 1, 1, tzinfo=clock.zone())


def with_photos(rows: Any) -> Any:
    """Hazards with ``has_before`` and ``has_after``: whether there are pictures of that time."""
    kept = Attachment.unguarded.filter(
        model=MODEL, object_id=OuterRef("pk"), replaced_by=None, archived_at=None
    )
    return rows.annotate(**{f"has_{slot}": Exists(kept.filter(slot=slot)) for slot in ("before", "after")})


@ledger
class Rectifications(HazardLedger):
    """The rectification list: confirmed and not yet archived, overdue ones first (D03.2, SAF.18)."""

    code = "safety.rectifications"
    readonly = True
    title, icon = "整改清单", "tool"
    area, group, order = "safety", "闭环", 120
    columns = "title number org level state due_at evidence measure"
    filters = "org category grade state source found_at"
    search = "title number measure org__name"
    sort = "soonest"
    roles = {"view": f"{OVERSEERS} {SCHOOL}", "export": f"{OVERSEERS} {SCHOOL}"}

    def refine(self, rows: Any) -> Any:
        """Confirmed, not archived, no false alarm; those without a deadline come last on every database."""
        found = rows.exclude(state__in=("reported", "closed", "void"))
        return with_photos(found).annotate(soonest=Coalesce(F("due_at"), Value(NO_DEADLINE)))

    @computed("整改照片", "chip")
    def evidence(self, row: Any) -> tuple[str, str]:
        """Whether pictures before and after the work are there."""
        if not row.rounds:
            return "idle", "未提交"
        if row.has_before and row.has_after:
            return "done", "前后齐全"
        missing = "和".join(
            words for words, there in (("整改前", row.has_before), ("整改后", row.has_after)) if not there
        )
        return "todo", f"不完整，缺{missing}"


@ledger
class Responsibilities(HazardLedger):
    """The responsibility list: who answers for which hazard until when (SAF.18)."""

    code = "safety.responsibilities"
    readonly = True
    title, icon = "责任清单", "user-check"
    area, group, order = "safety", "闭环", 130
    columns = "title number org responsible level state due_at"
    filters = "org category grade state source found_at"
    search = "title number responsible org__name"
    sort = "due_at"
    roles = Rectifications.roles

    def refine(self, rows: Any) -> Any:
        """Every hazard somebody was made responsible for."""
        return rows.exclude(responsible="").exclude(state="void")


@ledger
class StrikeOffs(HazardLedger):
    """The struck-off list (SAF.18, SAF.19)."""

    code = "safety.strike_offs"
    readonly = True
    title, icon = "销号清单", "circle-check"
    area, group, order = "safety", "闭环", 140
    columns = "title number org level archived_at struck_by opinion rounds"
    filters = "org category grade source found_at"
    search = "title number org__name"
    sort = "-archived_at"
    roles = Rectifications.roles

    def refine(self, rows: Any) -> Any:
        """Only what was struck off, with who did it."""
        last = Step.objects.filter(model=MODEL, object_id=OuterRef("pk"), target="closed").order_by("-pk")
        return rows.filter(state="closed").annotate(struck_off_by=Subquery(last.values("actor")[:1]))

    @computed("销号人")
    def struck_by(self, row: Any) -> str:
        """Who struck it off."""
        return row.struck_off_by or ""


@ledger
class Extensions(Ledger):
    """Requests for more time, answered by the bureau."""

    code = "safety.extensions"
    model = Extension
    readonly = True
    title, noun, icon = "延期申请", "申请", "calendar-time"
    area, group, order = "safety", "闭环", 150
    columns = "hazard org until reason state created_at"
    filters = "org hazard state"
    search = "hazard__title reason"
    views = {"待审批": "state=asked"}
    roles = {"view": f"{OVERSEERS} {SCHOOL}", "export": OVERSEERS}


not_archived("safety.extensions", "随隐患归档")
