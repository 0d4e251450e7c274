"""What safety puts on the workbench, and its analysis pages (D01.14, D03.9, SAF.42)."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from anlan.domains.safety import announcements, core_functions, report_overview
from anlan.domains.safety.finding_registers import Findings
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.lapses import Lapses
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.received_registers import Received
from anlan.domains.safety.task_registers import Inspections
from anlan.engines.analytics.api import (
    Analysis,
    Card,
    Cross,
    Dimension,
    Figure,
    Offer,
    Panel,
    declare_analysis,
    offer,
)
from anlan.engines.org.api import Kind, OrgUnit, may
from anlan.engines.registry.api import ledgers
from anlan.shell.deadlines import moment_words
from anlan.shell.parts import Action, Item, Rank

HAZARDS, TASKS, FINDINGS = ledgers[Hazards.code], ledgers[Inspections.code], ledgers[Findings.code]
OPEN = Figure("未销号隐患", HAZARDS, "open=1")
LATE = Figure("已逾期", HAZARDS, "overdue=1")
RUNNING = Figure("执行中巡查", TASKS, "state=doing", "项")
UNREAD = Figure("未读通知", ledgers[Received.code], "seen=0", "件")
WAITING = Figure("待完成巡查", TASKS, "state=pending", "项")
LAPSED = Figure("未按要求完成", ledgers[Lapses.code], "", "项")


def actions(user: Any) -> list[Action]:
    """The two things most people come for; a school's report to give comes first."""
    found = report_overview.actions(user)
    first = "default" if found else "primary"
    if may(user, "safety.hazards.add"):
        found.append(Action("登记隐患", "/safety/hazards/new", icon="edit"))
    if may(user, "safety.notices.publish"):
        found.append(Action("发通知", "/safety/notices/new", first, "speakerphone"))
    elif may(user, "safety.inspections.submit"):
        found.append(Action("现场检查", "/safety/field/", first, "clipboard-check"))
    return found


def notices(request: HttpRequest) -> Panel | None:
    """The newest notices received, unread ones first; for senders those they sent."""
    user: Any = request.user
    if may(user, Received.code + ".view"):
        received = NoticeCopy.objects.visible(user, Received.code + ".view").select_related("notice__org")
        items = [_received(copy) for copy in received.order_by("seen", "-pk")[:5]]
        return Panel("收到的通知", items, link="/safety/received-notices/")
    if not may(user, "safety.notices.view"):
        return None
    rows = (
        Notice.objects.visible(user, "safety.notices.view").filter(kind="notice").exclude(published_at=None)
    )
    items = [
        Item(
            row.title,
            row.get_absolute_url(),
            moment_words(row.published_at or row.created_at),
            row.get_state_display(),
        )
        for row in rows[:5]
    ]
    return Panel("发出的通知", items, link="/safety/notices/?kind=notice")


def _received(copy: NoticeCopy) -> Item:
    said = f"{copy.notice.org} {moment_words(copy.notice.published_at or copy.created_at)}"
    side = "已撤回" if copy.notice.state == "recalled" else "" if copy.seen else "未读"
    return Item(copy.notice.title, copy.get_absolute_url(), said, side)


def towns(request: HttpRequest) -> Panel | None:
    """Open hazards by town, most first; every bar opens its list."""
    if not may(request.user, "safety.hazards.view"):
        return None
    rows = Hazard.objects.visible(request.user, "safety.hazards.view").filter(archived_at=None)
    counted = (
        rows.exclude(state__in=("closed", "void")).order_by().values("org__parent").annotate(n=Count("pk"))
    )
    numbers = {row["org__parent"]: row["n"] for row in counted}
    names = OrgUnit.objects.filter(pk__in=numbers, kind=Kind.TOWNSHIP)
    found = sorted(((numbers[unit.pk], unit) for unit in names), key=lambda pair: -pair[0])[:8]
    most = found[0][0] if found else 1
    ranks = [
        Rank(unit.name.removesuffix("教委办"), n / most * 100, str(n), f"{OPEN.url}&org={unit.pk}")
        for n, unit in found
    ]
    return Panel("各镇未销号隐患", ranks=ranks, note="件") if len(ranks) > 1 else None


offer(
    Offer(
        "safety",
        (OPEN, LATE, UNREAD, WAITING, LAPSED),
        (announcements.panel, report_overview.panel, notices, core_functions.panel, towns),
        actions,
    )
)

declare_analysis(
    Analysis(
        "safety.hazards",
        "隐患统计",
        "safety.hazards.view",
        (
            Card("按状态", Figure("隐患", HAZARDS), "state"),
            Card("按类别", Figure("隐患", HAZARDS), "category"),
            Card("按来源", Figure("隐患", HAZARDS), "source"),
            Card("按等级", Figure("隐患", HAZARDS), "grade"),
        ),
        (Figure("全部隐患", HAZARDS), OPEN, LATE, Figure("误报", HAZARDS, "state=void")),
        period="found_at",
        area="safety",
    )
)
PLANNED, DONE = Figure("计划任务", TASKS, "planned=1", "项"), Figure("已完成", TASKS, "state=completed", "项")
HANDED_LATE, MISSED = Figure("逾期提交", TASKS, "late=1", "项"), Figure("逾期未交", TASKS, "overdue=1", "项")
FOUND = Figure("不合格项", FINDINGS)
declare_analysis(
    Analysis(
        "safety.inspections",
        "巡查完成情况",
        "safety.inspections.view",
        (Card("按状态", PLANNED, "state"), Card("按巡查模式", PLANNED, "round__plan__mode")),
        (PLANNED, DONE, HANDED_LATE, MISSED),
        period="due_at",
        area="safety",
        cross=Cross(
            "完成情况",
            (PLANNED, DONE, HANDED_LATE, MISSED),
            (
                Dimension("plan", "按计划", "round__plan"),
                Dimension("inspector", "按巡查员", "assignee"),
                Dimension("school", "按学校", "org"),
                Dimension("town", "按街镇", "org__parent", "org"),
                Dimension("month", "按月份", "due_at", monthly=True),
            ),
            rate=("已完成", "计划任务"),
            rate_title="完成率",
        ),
    )
)
declare_analysis(
    Analysis(
        "safety.findings",
        "不合格分析",
        "safety.findings.view",
        (
            Card("最常不合格的检查内容", FOUND, "wording", 15),
            Card("按检查类别", FOUND, "section", 15),
            Card("不合格最多的学校", FOUND, "org", 15),
            Card("按巡查员", FOUND, "found_by", 15),
        ),
        (FOUND, Figure("已转隐患", FINDINGS, "raised=1"), Figure("未转隐患", FINDINGS, "unraised=1")),
        period="found_at",
        area="safety",
        cross=Cross(
            "不合格项的去向",
            (FOUND, Figure("已转隐患", FINDINGS, "raised=1"), Figure("未转隐患", FINDINGS, "unraised=1")),
            (
                Dimension("town", "按街镇", "org__parent", "org"),
                Dimension("section", "按检查类别", "section"),
                Dimension("plan", "按计划", "task__round__plan"),
                Dimension("month", "按月份", "found_at", monthly=True),
            ),
        ),
    )
)
