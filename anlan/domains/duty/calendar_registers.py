"""Ledgers of the duty calendar: periods, what days ask for, adjusted days, settings (S04.1)."""

from typing import Any

from django.db.models import Count, Q

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.duty.laying_out import announce
from anlan.domains.duty.periods import DayChange, Demand, DutyRule, Period
from anlan.domains.duty.roster_flow import urge_unreported
from anlan.domains.duty.rosters import DRAFT, REPORTED, Roster
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, act, block, ledger

SEEING, BUREAU = " ".join((*ABOVE, *AT_SCHOOL)), "bureau_safety"


@ledger
class Periods(Ledger):
    """Periods, with how far the schools' rosters are."""

    code = "duty.periods"
    model = Period
    title, noun, icon = "值班时段", "段", "calendar"
    area, group, order = "safety", "值班", 410
    columns = "name kind first last report_by org"
    filters = "org kind first"
    search = "name"
    key = "org name first"
    form = "org name kind first last report_by"
    sort = "-first"
    example = {
        "name": "春节",
        "kind": "holiday",
        "first": "2027-02-05",
        "last": "2027-02-12",
        "report_by": "2027-01-29",
    }
    happenings = {"announce": "布置排班", "urge": "催报"}
    roles = rights(SEEING, BUREAU)

    @act(
        "布置排班",
        "duty.periods.edit",
        icon="send",
        kind="primary",
        effect="给还没有的学校各建一份值班表，列好班次",
    )
    def announce(self, actor: Actor, record: Period, values: dict[str, Any]) -> None:
        """A draft for every school that has none."""
        announce(actor, record)

    @act("催报未上报学校", "duty.periods.edit", icon="bell", effect="提醒还没有上报值班表的学校")
    def urge(self, actor: Actor, record: Period, values: dict[str, Any]) -> None:
        """Remind those who have not reported."""
        urge_unreported(actor, record)

    @block("上报情况", "duty/reporting.html")
    def standing(self, request: Any, record: Period) -> dict[str, Any] | None:
        """How many have reported, and who has not; each number opens its list."""
        if not may(request.user, "duty.rosters.view"):
            return None
        rows = Roster.objects.visible(request.user, "duty.rosters.view").filter(
            period=record, archived_at=None
        )
        counts = rows.aggregate(
            asked=Count("pk"),
            reported=Count("pk", filter=Q(state=REPORTED)),
            drafts=Count("pk", filter=Q(state=DRAFT)),
        )
        counts["unreported"] = counts["asked"] - counts["reported"]
        return (
            counts | {"period": record, "url": f"/duty/rosters/?period={record.pk}"}
            if counts["asked"]
            else None
        )


@ledger
class Demands(Ledger):
    """What days ask for."""

    code = "duty.demands"
    model = Demand
    title, noun = "值班要求", "班"
    area, group, order = "safety", "值班", 412
    columns = "name kind period begins_at ends_at leaders members reports org"
    filters = "org kind period"
    search = "name"
    key = "org kind period name"
    form = "org kind period name begins_at ends_at leaders members reports"
    sort = "pk"
    example = {
        "name": "夜班",
        "kind": "holiday",
        "begins_at": "18:00",
        "ends_at": "08:00",
        "leaders": 1,
        "members": 2,
    }
    roles = rights(SEEING, f"{BUREAU} school_safety school_head")


@ledger
class DayChanges(Ledger):
    """Days counted otherwise than the calendar above says."""

    code = "duty.day_changes"
    model = DayChange
    title, noun = "值班日调整", "天"
    area, group, order = "safety", "值班", 414
    columns = "day kind reason org"
    filters = "org day kind"
    search = "reason"
    key = "org day"
    form = "org day kind reason"
    sort = "-day"
    example = {"day": "2026-11-02", "kind": "holiday", "reason": "校运动会后补休"}
    roles = rights(SEEING, f"{BUREAU} school_safety school_head")


@ledger
class DutyRules(Ledger):
    """Settings of signing in."""

    code = "duty.rules"
    model = DutyRule
    title, noun, icon = "值班规则", "条", "settings"
    area, group, order = "safety", "值班", 416
    columns = "org late_minutes metres early_minutes"
    filters = "org"
    search = "org__name"
    key = "org"
    sort = "org__path"
    example = {"late_minutes": 15, "metres": 500, "early_minutes": 60}
    roles = rights(" ".join(ABOVE), BUREAU)
