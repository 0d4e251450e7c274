"""The addressee's ledger: notices sent to the own unit, read by opening them, answered here (D06.3-D06.5)."""

from typing import Any

from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notice_registers import REPLY, former_texts
from anlan.domains.safety.notice_states import chip_of
from anlan.domains.safety.receiving import READERS, RECEIVE, AnswerForm, answer, open_form, read
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.shell.deadlines import moment_words
from anlan.shell.rich_text import shown


def takes_words(copy: NoticeCopy) -> bool:
    """Answered in words."""
    return copy.open_for_reply and copy.notice.form_version_id is None and not copy.answered


def takes_more(copy: NoticeCopy) -> bool:
    """Answered in words, and still open."""
    return copy.open_for_reply and copy.notice.form_version_id is None and copy.answered


def takes_form(copy: NoticeCopy) -> bool:
    """Answered on a form not yet handed in."""
    handed_in = copy.response is not None and not copy.response.is_open
    return copy.open_for_reply and copy.notice.form_version_id is not None and not handed_in


@ledger
class Received(Ledger):
    """Notices the unit received."""

    code = "safety.received_notices"
    model = NoticeCopy
    readonly = True
    title, noun, icon = "收到的通知", "通知", "mail"
    area, group, order = "safety", "日常", 42
    columns = "heading mark sender sent_at reply_by standing"
    facts = "sender sent_at reply_by standing read_at read_by"
    filters = "notice__org notice__published_at notice__urgent seen answered"
    search = "notice__title notice__body"
    files = {"reply": "我的附件"}
    photos = ""
    views = {"未读": "seen=0", "已读": "seen=1"}
    personal = {"reply": REPLY}
    happenings = {"deliver": "收到", "read": "查阅", "answer": "反馈", "begin": "打开反馈表"}
    roles = {"view": READERS}

    @act("反馈", RECEIVE, form=AnswerForm, icon="edit", kind="primary", when=takes_words)
    def answer(self, actor: Actor, record: NoticeCopy, values: dict[str, Any]) -> None:
        """Answer for the own unit."""
        answer(actor, record, values["reply"], values["papers"])

    @act("修改反馈", RECEIVE, form=AnswerForm, icon="edit", when=takes_more)
    def amend(self, actor: Actor, record: NoticeCopy, values: dict[str, Any]) -> None:
        """Answer once more; the former words stay in the history."""
        answer(actor, record, values["reply"], values["papers"])

    @act("填写反馈表", RECEIVE, icon="edit", kind="primary", when=takes_form, effect="打开反馈表，填好后提交")
    def fill(self, actor: Actor, record: NoticeCopy, values: dict[str, Any]) -> str:
        """Go to the form."""
        return f"/forms/responses/{open_form(actor, record).uid}/"

    @computed("标题", needs="notice__org", sort="notice__title")
    def heading(self, row: NoticeCopy) -> str:
        """The notice."""
        return row.notice.title

    @computed("阅读", "chip")
    def mark(self, row: NoticeCopy) -> tuple[str, str]:
        """New until somebody of the unit opened it."""
        return ("idle", "已读") if row.seen else ("todo", "未读")

    @computed("发文单位", "meta", needs="notice__org")
    def sender(self, row: NoticeCopy) -> str:
        """Who sent it."""
        return str(row.notice.org)

    @computed("发布时间", "moment", needs="notice", sort="notice__published_at")
    def sent_at(self, row: NoticeCopy) -> Any:
        """When it was published."""
        return row.notice.published_at

    @computed("反馈截止", "meta", needs="notice", sort="notice__reply_by")
    def reply_by(self, row: NoticeCopy) -> str:
        """Until when an answer is asked for."""
        if not row.notice.reply_wanted:
            return "不用反馈"
        return moment_words(row.notice.reply_by) if row.notice.reply_by else "不限"

    @computed("状态", "chip", needs="notice")
    def standing(self, row: NoticeCopy) -> tuple[str, str]:
        """Recalled, answered, to be answered, or as the sender's page says."""
        if row.notice.state != "published" or not row.notice.reply_wanted:
            return chip_of(row.notice)
        if row.answered:
            return ("late", "逾期反馈") if row.late else ("done", "已反馈")
        return ("todo", "待反馈") if row.open_for_reply else ("idle", "反馈已截止")

    @block("正文", "safety/notice_text.html")
    def text(self, request: Any, record: NoticeCopy) -> dict[str, Any]:
        """The words with pictures and annexes; opening them is reading the notice."""
        read(Actor.of(request), record)
        found = attachments_of(record.notice)
        return {
            "body": shown(record.notice.body),
            "recalled": record.notice.state == "recalled",
            "pictures": [item for item in found if item.is_picture],
            "files": [item for item in found if not item.is_picture],
        }

    @block("我的反馈", "safety/answer.html")
    def own_answer(self, request: Any, record: NoticeCopy) -> dict[str, Any] | None:
        """What the own unit answered."""
        return {"copy": record} if record.notice.reply_wanted else None

    @block("修订记录", "safety/notice_versions.html")
    def versions(self, request: Any, record: NoticeCopy) -> dict[str, Any] | None:
        """Former texts."""
        return former_texts(record.notice)
