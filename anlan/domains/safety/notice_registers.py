"""Ledgers of notices: what a unit sends, and each addressee's copy (D06.4, D06.6, SAF.03)."""

from typing import Any

from anlan.domains.safety.asking import AnswerForm, ReviseForm
from anlan.domains.safety.notices import Notice, NoticeCopy
from anlan.domains.safety.sending import (
    PUBLISH,
    READERS,
    RECEIVE,
    SENDERS,
    answer,
    copy_at,
    publish,
    read,
    recall,
    revise,
    urge_unread,
)
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger

TONES = {"draft": "idle", "waiting": "todo", "published": "done", "recalled": "back"}


def is_draft(notice: Notice) -> bool:
    """Not yet sent."""
    return notice.state in ("draft", "waiting")


def is_published(notice: Notice) -> bool:
    """Sent and in force."""
    return notice.state == "published"


def wants_reply(notice: Notice) -> bool:
    """Sent with a request for answers."""
    return is_published(notice) and notice.reply_wanted


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

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit sends it."""
        return {"org": user.unit_id}

    @act(
        "发布", PUBLISH, icon="speakerphone", kind="primary", when=is_draft, effect="发布后各发布对象都会收到"
    )
    def publish(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Send it."""
        publish(actor, record)

    @act("修订", PUBLISH, form=ReviseForm, icon="edit", when=is_published)
    def revise(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Change the words; everybody reads it again."""
        revise(actor, record, values)

    @act("催阅", PUBLISH, icon="bell", when=is_published, effect="只提醒还没有查阅的单位")
    def urge(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Remind those who have not read it."""
        urge_unread(actor, record)

    @act(
        "撤回",
        PUBLISH,
        icon="arrow-back-up",
        kind="danger",
        when=is_published,
        effect="收到的单位将看到已撤回",
    )
    def recall(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Take it back."""
        recall(actor, record)

    @act("反馈", RECEIVE, form=AnswerForm, icon="edit", kind="primary", when=wants_reply, above=True)
    def answer(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Answer for the own unit."""
        answer(actor, copy_at(actor, record), values["reply"])

    def locked(self, record: Notice, verb: str) -> str:
        """What was sent is revised, not edited, so that the former text is kept."""
        return "" if is_draft(record) else "已发布的通知请用“修订”修改"

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
        """For an addressee: opening the notice is reading it; the own unit's answer is shown."""
        found = scope(request.user, RECEIVE)
        if not found:
            return None
        read(Actor.of(request), record)
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
