"""What campus safety shows on the command page: incidents, warnings, and orders with their receipts (X.26)."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from anlan.base.commanding import Command, declare_command
from anlan.base.figure_registers import FigureAlarms
from anlan.domains.safety.audiences import PUBLISH
from anlan.domains.safety.incident_registers import Incidents
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.notice_registers import NoticeCopies, Notices
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.overview import HAZARDS, LAPSED
from anlan.domains.safety.report_overview import REPORTS
from anlan.domains.safety.reports import SafetyReport
from anlan.engines.analytics.api import Figure
from anlan.engines.org.api import may
from anlan.engines.registry.api import ledgers, overdue_condition, rows
from anlan.kernel import clock
from anlan.shell.deadlines import due, moment_words
from anlan.shell.parts import Action, Item

SHOWN, ORDERS_SHOWN, ORDERS_LAST = 5, 6, timedelta(days=30)
INCIDENTS, COPIES = ledgers[Incidents.code], ledgers[NoticeCopies.code]
NEW = "/safety/notices/new?kind=notice&urgent=1&reply_wanted=1"


def happening(user: Any) -> list[Item]:
    """Reports that await a decision on emergency handling, then the incidents of the last days."""
    waiting: list[SafetyReport] = list(rows(REPORTS, user).filter(REPORTS.marks["awaiting"]())[:SHOWN])
    latest: list[Incident] = list(
        rows(INCIDENTS, user).filter(INCIDENTS.marks["recent"]()).order_by("-happened_at", "-pk")[:SHOWN]
    )
    asked = [
        Item(f"{one.org}请求启动应急", one.get_absolute_url(), one.text[:60], "待研判", tone="late")
        for one in waiting
    ]
    said = [
        Item(one.title, one.get_absolute_url(), f"{one.org} {one.place}", moment_words(one.happened_at))
        for one in latest
    ]
    return [*asked, *said]


def warned(user: Any) -> list[Item]:
    """The hazards longest overdue."""
    late = rows(HAZARDS, user).filter(overdue_condition()).order_by("due_at", "pk")[:SHOWN]
    return [
        Item(one.title, one.get_absolute_url(), str(one.org), due(one.due_at).text, tone="late")
        for one in late
    ]


def orders(user: Any) -> list[Item]:
    """The latest notices that want an answer: how many have read and how many have answered, of how many."""
    sent = rows(ledgers[Notices.code], user).filter(
        kind="notice",
        state="published",
        reply_wanted=True,
        published_at__gte=clock.now() - ORDERS_LAST,
    )
    counted = sent.annotate(
        sent_to=Count("copies"),
        read=Count("copies", filter=Q(copies__seen=True)),
        done=Count("copies", filter=Q(copies__answered=True)),
    )
    return [_order(notice) for notice in counted.order_by("-published_at", "-pk")[:ORDERS_SHOWN]]


def _order(notice: Notice) -> Item:
    all_of_them, read, done = (getattr(notice, name) for name in ("sent_to", "read", "done"))
    return Item(
        notice.title,
        notice.get_absolute_url(),
        f"{notice.org} {moment_words(notice.published_at or notice.created_at)}",
        f"已阅 {read}/{all_of_them}，反馈 {done}/{all_of_them}",
        f"{COPIES.url}?notice={notice.pk}",
    )


def issue(user: Any) -> list[Action]:
    """A notice begun as an order: urgent, and wanting an answer."""
    return [Action("下达指令", NEW, "primary", "speakerphone")] if may(user, PUBLISH) else []


declare_command(
    Command(
        "incidents",
        "事件与应急",
        (
            Figure("近 7 天未归档事件", INCIDENTS, "recent=1", "起"),
            Figure("应急待研判", REPORTS, "awaiting=1", "起"),
            Figure("近 7 天启动应急", REPORTS, "commanded=1", "起"),
        ),
        happening,
        10,
        main=True,
    )
)
declare_command(
    Command(
        "orders",
        "指令落实",
        (
            Figure("指令未反馈", COPIES, "unanswered=1", "校"),
            Figure("指令未查阅", COPIES, "unread=1", "校"),
        ),
        orders,
        20,
        main=True,
        actions=issue,
    )
)
declare_command(
    Command(
        "warnings",
        "预警",
        (
            Figure("逾期隐患", HAZARDS, "overdue=1"),
            LAPSED,
            Figure("统计预警", ledgers[FigureAlarms.code], "open=1"),
        ),
        warned,
        50,
    )
)
