"""The library on the workbench, and the report of readings (D05.6)."""

from typing import Any

from django.http import HttpRequest

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
from anlan.engines.library.api import Document, Documents, Readings, Receipts
from anlan.engines.org.api import may
from anlan.engines.registry.api import ledgers
from anlan.shell.parts import Item

VIEW = f"{Documents.code}.view"
READ, ASKED = ledgers[Readings.code], ledgers[Receipts.code]
TO_READ = Figure("待读文件", ASKED, "done=0", "件")
SHOWN = 5


def newest(request: HttpRequest) -> Panel | None:
    """The documents laid down last that are in force."""
    user: Any = request.user
    if not may(user, VIEW):
        return None
    rows = Document.objects.visible(user, VIEW).filter(archived_at=None, force="in_force")
    items = [
        Item(row.title, row.get_absolute_url(), f"{row.org} {row.issued_on or ''}", row.kind.title)
        for row in rows.select_related("org", "kind").order_by("-created_at", "-pk")[:SHOWN]
    ]
    return Panel("最新法规资料", items, link=ledgers[Documents.code].url)


offer(Offer("regulations", (TO_READ,), (newest,)))
READINGS = Figure("阅读", READ, "", "次")
declare_analysis(
    Analysis(
        "library.readings",
        "阅读统计",
        "library.readings.view",
        (Card("读得最多的文件", READINGS, "document", 15), Card("按单位", READINGS, "org", 15)),
        (READINGS,),
        period="read_at",
        area="library",
        cross=Cross(
            "阅读次数",
            (READINGS,),
            (
                Dimension("document", "按文件", "document"),
                Dimension("school", "按单位", "org"),
                Dimension("month", "按月份", "read_at", monthly=True),
            ),
        ),
    )
)
