"""Ledgers of daily checks of canteens (D10.7)."""

from functools import partial
from typing import Any

from django.db.models import Count, Q

from anlan.base.looked import checklist_form, said_in
from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import KEEPERS, SEEING
from anlan.domains.canteen.daily import (
    DAILY,
    DONE,
    FILL,
    INSPECT,
    MISSED,
    OPEN,
    SKIPPED,
    STATES,
    DailyCheck,
    DailyPlan,
)
from anlan.domains.canteen.daily_work import fill
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, act, asked_by, block, computed, ledger

TONES = {OPEN: "todo", DONE: "done", MISSED: "late", SKIPPED: "idle"}
VIEW = "canteen.daily_checks.view"
CHECKLIST = asked_by(partial(checklist_form, DAILY))


@ledger
class DailyPlans(Ledger):
    """Which canteens are checked on which days, and by whom."""

    model = DailyPlan
    title, noun, area, group, order = "食堂日常检查安排", "项", "canteen", "每日供餐", 260
    columns = "name first last inspector whole org"
    facts = "name first last inspector whole canteens org"
    filters, search, key = "org first inspector", "name inspector__name", "org name"
    form = "org name first last inspector whole canteens"
    example = {"name": "九月日常检查", "first": "2026-09-01", "last": "2026-09-30", "whole": True}
    roles = rights(SEEING, "bureau_safety school_head school_safety")

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit."""
        return {"org": user.unit_id}

    @block("完成情况", "canteen/daily.html", printed=True)
    def outcome(self, request: Any, record: DailyPlan) -> dict[str, Any] | None:
        """Per day how many canteens were done and not; every number opens its rows."""
        if not may(request.user, VIEW):
            return None
        rows = DailyCheck.objects.visible(request.user, VIEW)
        counts = {code: Count("pk", filter=Q(state=code)) for code, _ in STATES}
        days = rows.filter(plan=record, archived_at=None).order_by("-day").values("day").annotate(**counts)
        table = [(day["day"], [(code, day[code]) for code, _ in STATES]) for day in days[:31]]
        return {"plan": record, "days": table, "titles": [title for _, title in STATES], "subject": DAILY}


@ledger
class DailyChecks(Ledger):
    """Done, not done and skipped, per canteen and day."""

    model = DailyCheck
    readonly = True
    title, noun, area, group, order = "食堂日常检查", "次", "canteen", "每日供餐", 262
    columns = "canteen day plan inspector outcome found note org"
    filters, search, sort = "org canteen day plan inspector state", "canteen__name plan__name note", "-day"
    facts = "canteen day plan inspector outcome found note check_made due_at org"
    views = {
        "待检查": "state=open",
        "未完成": "state=missed",
        "不合格": "failed=1",
        "不检查": "state=skipped",
    }
    marks = {"failed": lambda: Q(check_made__passed=False)}
    happenings = {"fill": "填写检查", "close": "当天结束"}
    example = {"day": "2026-09-01", "due_at": "2026-09-02T00:00+08:00"}
    roles = {"view": SEEING, "export": KEEPERS}

    @computed("结果", "chip", sort="state")
    def outcome(self, row: DailyCheck) -> tuple[str, str]:
        """As stored; a day that is over has missed it."""
        late = row.state == OPEN and not row.to_do
        return (TONES[MISSED], "未完成") if late else (TONES[row.state], row.get_state_display())

    @computed("检查结论", "chip", needs="check_made")
    def found(self, row: DailyCheck) -> tuple[str, str]:
        """Passed or failed."""
        if row.check_made is None:
            return "idle", "—"
        return ("done", "合格") if row.check_made.passed else ("late", "不合格")

    @act("填写检查", FILL, form=CHECKLIST, icon="clipboard-check", kind="primary",
         when=lambda row: row.to_do and not row.inspector_id)  # fmt: skip
    def fill(self, actor: Actor, record: DailyCheck, values: dict[str, Any]) -> str:
        """By the school."""
        return _fill(actor, record, values)

    @act("填写巡查", INSPECT, form=CHECKLIST, icon="clipboard-check", kind="primary",
         when=lambda row: row.to_do and bool(row.inspector_id))  # fmt: skip
    def inspect(self, actor: Actor, record: DailyCheck, values: dict[str, Any]) -> str:
        """By the inspector it was issued to."""
        return _fill(actor, record, values)


def _fill(actor: Actor, record: DailyCheck, values: dict[str, Any]) -> str:
    fill(actor, record, said_in(actor, record.canteen, DAILY, values))
    return str(record.get_absolute_url())


archives("canteen.daily_checks", "inspection", "done missed skipped")
