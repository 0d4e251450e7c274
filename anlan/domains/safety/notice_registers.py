"""Ledgers of notices: what a unit sends, and each addressee's copy (D06.4, D06.6, SAF.03)."""

from typing import Any

from anlan.domains.safety.notices import Notice, NoticeCopy
from anlan.domains.safety.sending import READERS, RECEIVE, SENDERS
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, Personal, block, computed, ledger

TONES = {"draft": "idle", "waiting": "todo", "published": "done", "recalled": "back"}


@ledger
class Notices(Ledger):
    """Notices and announcements, with the read list for their senders."""

    code = "safety.notices"
    model = Notice
    title, noun, icon = "通知公告", "通知", "speakerphone"
    area, group, order = "safety", "日常", 40
    columns = "title kind org stand published_at reply_by"
    filters = "org kind state published_at"
    search = "title body"
    sort = "-published_at"
    sections = {
        "说什么": "org kind title body urgent",
        "发给谁": "addressees publish_at",
        "要反馈吗": "reply_wanted reply_by late_allowed",
        "首页展示": "shown_from shown_until pinned",
    }
    facts = "kind org published_at revision reply_by shown_from shown_until body"
    files = {"annex": "附件"}
    example = {"title": "关于做好冬季防火工作的通知", "body": "请各校逐项排查。"}
    views = {"通知": "kind=notice", "公告": "kind=announcement", "草稿": "state=draft"}
    roles = {"view": SENDERS + READERS, "add": SENDERS, "edit": SENDERS, "export": SENDERS}

    @computed("状态", "chip")
    def stand(self, row: Notice) -> tuple[str, str]:
        """Draft, waiting, published or recalled."""
        return TONES[row.state], row.get_state_display()

    @block("查阅情况", "safety/receipts.html")
    def receipts(self, request: Any, record: Notice) -> dict[str, Any] | None:
        """For the sender: read, unread, answered, late; absent for receivers."""
        if not scope(request.user, "safety.notices.publish").covers(record.org.path):
            return None
        copies = list(NoticeCopy.objects.unscoped().filter(notice=record).select_related("org", "read_by"))
        return {
            "notice": record,
            "read": [copy for copy in copies if copy.read_at],
            "unread": [copy for copy in copies if not copy.read_at],
            "replied": [copy for copy in copies if copy.replied_at],
        }

    @block("我的反馈", "safety/answer.html")
    def own_copy(self, request: Any, record: Notice) -> dict[str, Any] | None:
        """For an addressee: the own unit's answer."""
        found = scope(request.user, RECEIVE)
        copies = NoticeCopy.objects.unscoped().filter(found.condition(), notice=record)
        copy = copies.filter(org=request.user.unit_id).select_related("notice").first()
        return {"copy": copy} if copy and record.reply_wanted else None


@ledger
class NoticeCopies(Ledger):
    """Which unit read and answered which notice, and when (D06.3, D06.5)."""

    code = "safety.notice_copies"
    model = NoticeCopy
    readonly = True
    title, noun, icon = "查阅与反馈", "记录", "list-check"
    area, group, order = "safety", "日常", 45
    columns = "notice org read_at read_by reply replied_at late"
    filters = "org notice read_at"
    search = "notice__title org__name reply"
    personal = {"reply": Personal("收集学校反馈", "教育行政管理职责", "随通知保存")}
    roles = {"view": SENDERS + READERS, "export": SENDERS}
