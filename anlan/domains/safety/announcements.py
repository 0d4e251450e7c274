"""Announcements as everybody in their range sees them: on home pages while in force, then as history (D06.6)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from anlan.base.roles import ABOVE, IN_SCHOOL
from anlan.domains.safety.notice_registers import former_texts
from anlan.domains.safety.notice_states import chip_of
from anlan.domains.safety.notices import SENT, Notice
from anlan.engines.analytics.api import Panel
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, block, computed, ledger
from anlan.kernel import clock
from anlan.shell.deadlines import moment_words
from anlan.shell.parts import Item
from anlan.shell.rich_text import shown

SHOWN = 5


@ledger
class Announcements(Ledger):
    """Announcements published to one's unit, also those that ended or were withdrawn."""

    code = "safety.announcements"
    model = Notice
    readonly = True
    title, noun, icon = "公告", "公告", "info-circle"
    area, group, order = "safety", "日常", 43
    columns = "title stand org published_at shown_from shown_until pinned"
    facts = "org stand published_at shown_from shown_until"
    filters = "org published_at pinned"
    search = "title body"
    sort = "-published_at"
    files = {"pictures": "图片", "annex": "附件"}
    photos = ""
    example = {"kind": "announcement", "state": "published"}
    roles = {"view": (*ABOVE, *IN_SCHOOL)}

    def refine(self, rows: Any) -> Any:
        """Announcements that were published."""
        return rows.filter(kind="announcement", state__in=SENT)

    @computed("状态", "chip")
    def stand(self, row: Notice) -> tuple[str, str]:
        """In force, to come, over or withdrawn."""
        if row.state == "published" and not row.on_show:
            early = row.shown_from is not None and row.shown_from > clock.today()
            return ("todo", "未到展示期") if early else ("idle", "已过期")
        return chip_of(row)

    @block("正文", "safety/notice_text.html")
    def text(self, request: Any, record: Notice) -> dict[str, Any]:
        """The words."""
        return {"body": shown(record.body), "recalled": record.state == "recalled"}

    @block("修订记录", "safety/notice_versions.html")
    def versions(self, request: Any, record: Notice) -> dict[str, Any] | None:
        """Former texts."""
        return former_texts(record)


def on_show(user: Any) -> Any:
    """Announcements in force for the person today, those put on top first."""
    today = clock.today()
    rows = Notice.objects.visible(user, "safety.announcements.view").filter(
        Q(shown_from=None) | Q(shown_from__lte=today),
        Q(shown_until=None) | Q(shown_until__gte=today),
        kind="announcement",
        state="published",
        archived_at=None,
    )
    return rows.order_by("-pinned", "-published_at")


def panel(request: HttpRequest) -> Panel | None:
    """Announcements on the home page."""
    if not may(request.user, "safety.announcements.view"):
        return None
    items = [_item(row) for row in on_show(request.user)[:SHOWN]]
    return Panel("公告", items, link="/safety/announcements/")


def _item(row: Notice) -> Item:
    url, side = f"/safety/announcements/{row.pk}/", "置顶" if row.pinned else ""
    return Item(row.title, url, moment_words(row.published_at or row.created_at), side)
