"""Ledgers of templates, sendings and messages (ARCH.16)."""

from typing import Any

from anlan.base.roles import rights
from anlan.domains.texting.dispatching import dispatch, preview, send_again
from anlan.domains.texting.patterns import Pattern
from anlan.domains.texting.sendings import Sending
from anlan.domains.texting.texts import Text
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, Personal, act, block, ledger

SENDERS = "bureau_safety team_admin school_head school_safety"
ADDRESS = Personal("发送工作短信", "履行法定职责所必需", "发送后两年", since="sent_at", years=2)
SEND = declare_permission("texting.sendings.send", "短信：群发", tuple(SENDERS.split())).code


def unsent(sending: Sending) -> bool:
    """A draft."""
    return sending.sent_at is None and sending.archived_at is None


def has_failed(sending: Sending) -> bool:
    """Sent, and something did not leave."""
    return sending.texts.filter(state=Text.State.FAILED).exists()


def did_fail(text: Text) -> bool:
    """Did not leave."""
    return text.state == Text.State.FAILED


@ledger
class Patterns(Ledger):
    """Templates; those of the units above may be used too."""

    code = "texting.patterns"
    model = Pattern
    title, noun, icon = "短信模板", "个", "file-text"
    area, group, order = "tasks", "短信", 330
    columns = "title body org"
    filters = "org"
    search = "title body"
    key = "org title"
    example = {"title": "会议提醒", "body": "【姓名】您好，请于周五 15:00 到教育局参加安全例会。"}
    roles = rights(SENDERS, SENDERS)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit's."""
        return {"org": user.unit_id}


@ledger
class Sendings(Ledger):
    """What was sent to many, and drafts."""

    code = "texting.sendings"
    model = Sending
    title, noun, icon = "短信群发", "次", "send"
    area, group, order = "tasks", "短信", 310
    columns = "title org body created_by sent_at"
    filters = "org sent_at"
    search = "title body"
    form = "org title pattern body people others"
    facts = "title org pattern body people sent_at"
    personal = {"others": ADDRESS}
    happenings = {"send": "发送", "send_again": "重新发送"}
    example = {"title": "例会通知", "body": "【姓名】您好，请准时参加例会。"}
    roles = rights(SENDERS, SENDERS)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit sends."""
        return {"org": user.unit_id}

    def locked(self, record: Sending, verb: str) -> str:
        """What was sent stays as it was."""
        return "已经发送，不能再改" if record.sent_at else ""

    @act("发送", SEND, when=unsent, effect=preview, icon="send", kind="primary")
    def send(self, actor: Actor, record: Sending, values: dict[str, Any]) -> None:
        """To everybody named, once."""
        dispatch(actor, record)

    @act("重发未发出的", SEND, when=has_failed, effect="号码正确的会再发一次，已发出的不重发", icon="refresh")
    def again(self, actor: Actor, record: Sending, values: dict[str, Any]) -> None:
        """What did not leave."""
        send_again(actor, record)

    @block("发送情况", "texting/outcome.html")
    def outcome(self, request: Any, record: Sending) -> dict[str, Any] | None:
        """How many stand where; each number opens its messages."""
        stem = f"/texting/texts/?sending={record.pk}"
        rows = record.texts
        found = [
            (title, rows.filter(state=code).count(), f"{stem}&state={code}")
            for code, title in Text.State.choices
        ]
        return {"lines": found, "whole": rows.count(), "url": stem} if record.sent_at else None


@ledger
class Texts(Ledger):
    """Every message with its state."""

    code = "texting.texts"
    model = Text
    title, noun, icon = "短信记录", "条", "message"
    area, group, order = "tasks", "短信", 320
    columns = "name phone text state error sent_at sending org"
    filters = "sending state sent_at org"
    search = "name text"
    masked = {"phone": "phone"}
    personal = {"name": ADDRESS, "phone": ADDRESS}
    readonly = True
    views = {"未发出": "state=failed"}
    happenings = {"send": "登记", "send_again": "重新发送", "sent": "已发出", "fail": "未发出"}
    roles = {"view": SENDERS, "export": SENDERS, "unmask": "bureau_safety school_safety"}

    @act("重新发送", SEND, when=did_fail, effect="用这个人现在的手机号再发一次", icon="refresh")
    def again(self, actor: Actor, record: Text, values: dict[str, Any]) -> None:
        """This one alone."""
        send_again(actor, record.sending, record)
