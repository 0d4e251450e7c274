"""The sender's ledgers: what a unit sends, and where each copy stands (D06.1-D06.6, SAF.03)."""

from typing import Any

from django.db.models import Q

from anlan.base.audiences import AudienceForm
from anlan.domains.safety.audiences import PUBLISH, SENDERS, address, words
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notice_forms import ReviseForm
from anlan.domains.safety.notice_states import (
    chip_of,
    is_draft,
    is_notice,
    is_published,
    is_unsent,
    is_waiting,
    receivers,
    still_awaited,
)
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.receiving import RECEIVE, own_copies
from anlan.domains.safety.sending import (
    call_off,
    copies_of,
    publish,
    publish_now,
    recall,
    revise,
    urge_unread,
)
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import urges_of
from anlan.engines.org.api import may, scope
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger
from anlan.shell.parts import Action
from anlan.shell.rich_text import shown

NAMED = 40
WANTED = Q(notice__state="published", notice__reply_wanted=True)
REPLY = Personal("收集学校反馈", "教育行政管理职责", "随通知保存")


@ledger
class Notices(Ledger):
    """Notices and announcements a unit sends, with the read list."""

    code = "safety.notices"
    model = Notice
    title, noun, icon = "通知公告", "通知", "speakerphone"
    area, group, order = "safety", "日常", 40
    columns = "title kind org stand published_at reply_by"
    filters = "org kind state published_at pinned"
    search = "title body"
    sort = "-published_at"
    sections = {
        "说什么": "org kind title body urgent",
        "什么时候发布": "publish_at",
        "要反馈吗（通知）": "reply_wanted reply_by late_allowed form",
        "在首页展示多久（公告）": "shown_from shown_until pinned",
    }
    facts = "kind org stand published_at"
    files = {"pictures": "图片", "annex": "附件"}
    photos = ""
    example = {"title": "关于做好冬季防火工作的通知", "body": "请各校逐项排查。"}
    views = {
        "通知": "kind=notice",
        "公告": "kind=announcement",
        "草稿": "state=draft",
        "待发布": "state=waiting",
    }
    happenings = {
        "address": "选择发布对象",
        "schedule": "定时发布",
        "unschedule": "取消定时",
        "publish": "发布",
        "revise": "修订",
        "recall": "撤回",
        "urge": "催阅",
        "export": "下载反馈",
    }
    roles = dict.fromkeys(("view", "add", "edit", "archive", "export"), SENDERS)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit sends it."""
        return {"org": user.unit_id}

    @act("选择发布对象", PUBLISH, form=AudienceForm, icon="users", when=is_unsent)
    def address(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Fix who receives it."""
        address(actor, record, values)

    @act("发布", PUBLISH, icon="speakerphone", kind="primary", when=is_draft, effect=receivers)
    def publish(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Send it, or set it for its time."""
        publish(actor, record)

    @act(
        "立即发布", PUBLISH, icon="speakerphone", kind="primary", when=is_waiting, effect="不等定时，现在就发"
    )
    def publish_now(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Send it before its time."""
        publish_now(actor, record)

    @act("取消定时", PUBLISH, icon="x", when=is_waiting, effect="退回草稿，不会发布")
    def call_off(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Back to a draft."""
        call_off(actor, record)

    @act("催阅", PUBLISH, icon="bell", when=is_notice, effect="只提醒还没有查阅的单位")
    def urge(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Remind those who have not read it."""
        urge_unread(actor, record)

    @act("修订", PUBLISH, form=ReviseForm, icon="edit", when=is_published)
    def revise(self, actor: Actor, record: Notice, values: dict[str, Any]) -> None:
        """Change the words; everybody reads it again."""
        revise(actor, record, values)

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

    def locked(self, record: Any, verb: str) -> str:
        """What was sent is revised, not edited, so that the former text is kept; it is put away once answered."""
        if verb == "archive":
            return still_awaited(record)
        return "" if is_unsent(record) else "已发布的通知请用“修订”修改"

    def also_reads(self, user: Any, pk: int) -> bool:
        """Addressees read the files of a notice that was sent to them."""
        sent = ("published", "recalled")
        if not may(user, RECEIVE):
            return False
        return bool(own_copies(user, pk).filter(notice__state__in=sent).exists())

    @computed("状态", "chip")
    def stand(self, row: Notice) -> tuple[str, str]:
        """Draft, waiting, published (how often revised) or recalled."""
        return chip_of(row)

    @block("正文", "safety/notice_text.html")
    def text(self, request: Any, record: Notice) -> dict[str, Any]:
        """The words."""
        return {"body": shown(record.body)}

    @block("发布对象", "safety/notice_audience.html")
    def audience(self, request: Any, record: Notice) -> dict[str, Any]:
        """What was chosen and which units follow from it."""
        units = list(record.addressees.all())
        return {
            "chosen": words(record),
            "units": units[:NAMED],
            "more": len(units) - NAMED,
            "all": len(units),
        }

    @block("查阅情况", "safety/receipts.html")
    def receipts(self, request: Any, record: Notice) -> dict[str, Any] | None:
        """For the sender: read, unread, answered, late, each with its list; absent for everybody else."""
        if not scope(request.user, PUBLISH).covers(record.org.path) or record.published_at is None:
            return None
        if record.kind != "notice":
            return None
        copies = list(copies_of(record).select_related("read_by").order_by("org__path"))
        unread = [copy for copy in copies if not copy.seen]
        answered = [copy for copy in copies if copy.answered]
        return {
            "notice": record,
            "total": len(copies),
            "read": len(copies) - len(unread),
            "missing": len(copies) - len(answered),
            "unread": unread[:NAMED],
            "unread_count": len(unread),
            "more": len(unread) - NAMED,
            "answered": len(answered),
            "late": sum(copy.late for copy in answered),
            "recent": sorted((c for c in copies if c.seen), key=lambda c: c.read_at, reverse=True)[:NAMED],
            "urges": list(urges_of(record)),
            "files": Action("下载反馈和附件", f"/safety/notices/{record.pk}/replies.zip", icon="download"),
        }

    @block("修订记录", "safety/notice_versions.html")
    def versions(self, request: Any, record: Notice) -> dict[str, Any] | None:
        """Former texts."""
        return former_texts(record)


def unread() -> Q:
    """Sent and in force, wanting an answer, and nobody of the unit has read it."""
    return Q(seen=False) & WANTED


def unanswered() -> Q:
    """Sent and in force, wanting an answer, and the unit has not answered."""
    return Q(answered=False) & WANTED


def former_texts(record: Notice) -> dict[str, Any] | None:
    """Former texts of a notice, newest first; nothing where it was never revised."""
    rows = list(record.versions.select_related("replaced_by").order_by("-number"))
    return {"rows": [(row, shown(row.body)) for row in rows]} if rows else None


@ledger
class NoticeCopies(Ledger):
    """Which unit read and answered which notice, and when (D06.3, D06.5)."""

    code = "safety.notice_copies"
    model = NoticeCopy
    readonly = True
    title, noun, icon = "查阅与反馈", "记录", "list-check"
    area, group, order = "safety", "日常", 45
    columns = "org notice seen read_at read_by answered reply replied_at late"
    facts = "notice org seen read_at read_by answered reply replied_at replied_by late"
    filters = "org notice seen answered late"
    search = "notice__title org__name reply"
    files = {"reply": "反馈附件"}
    photos = ""
    marks = {"unread": unread, "unanswered": unanswered}
    views = {"未阅": "seen=0", "已阅": "seen=1", "已反馈": "answered=1", "逾期反馈": "late=1"}
    personal = {"reply": REPLY}
    roles = {"view": SENDERS, "export": SENDERS}

    @block("反馈表", "safety/reply_form.html")
    def filled(self, request: Any, record: NoticeCopy) -> dict[str, Any] | None:
        """The form the unit handed in."""
        return {"response": record.response} if record.response and not record.response.is_open else None


archives("safety.notices", "notice", "recalled", "versions copies")
