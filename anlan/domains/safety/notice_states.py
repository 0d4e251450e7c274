"""Where a notice stands, in words and as conditions of what may be done with it."""

from anlan.domains.safety.audiences import DRAFTS, words
from anlan.domains.safety.notices import Notice
from anlan.shell.deadlines import moment_words

TONES = {"draft": "idle", "waiting": "todo", "published": "done", "recalled": "back"}


def is_draft(notice: Notice) -> bool:
    """Not yet sent, and no time set."""
    return notice.state == "draft"


def is_waiting(notice: Notice) -> bool:
    """To be sent at its time."""
    return notice.state == "waiting"


def is_unsent(notice: Notice) -> bool:
    """Draft or waiting."""
    return notice.state in DRAFTS


def is_published(notice: Notice) -> bool:
    """Sent and in force."""
    return notice.state == "published"


def is_notice(notice: Notice) -> bool:
    """Sent, in force and with receipts."""
    return is_published(notice) and notice.kind == "notice"


def receivers(notice: Notice) -> str:
    """Who gets it, and when."""
    when = f"将于 {moment_words(notice.publish_at)} " if notice.publish_at else ""
    return f"{when}发给 {notice.addressees.count()} 个单位：{words(notice) or '还没有选择'}"


def still_awaited(notice: Notice) -> str:
    """Why a notice cannot be put away yet: it waits for its time, or for answers; empty where nothing is awaited."""
    if is_waiting(notice):
        return "还没有到发布时间，请先取消定时"
    missing = notice.copies.filter(answered=False).count() if is_notice(notice) and notice.reply_wanted else 0
    return f"还有 {missing} 个单位没有反馈，反馈齐了再归档" if missing else ""


def chip_of(notice: Notice) -> tuple[str, str]:
    """Where the notice stands."""
    if notice.state == "published" and notice.revision:
        return "done", f"已发布（第 {notice.revision} 次修订）"
    return TONES[notice.state], notice.get_state_display()
