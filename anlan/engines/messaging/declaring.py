"""Events that make messages, declared by whoever publishes them: words, kind, and the ways they go."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class MessageKind:
    """What the inbox filters by: 任务, 逾期, 隐患, 证照, 事件, 设备, 催办 …"""

    code: str
    title: str


@dataclass(frozen=True)
class EventDeclaration:
    """``title`` and ``text`` are templates with ``{names}`` from the context of :func:`send`.

    ``channels`` are the ways out beside the inbox, as far as the site has set them up; ``urgent`` events pass
    quiet hours and cannot be switched off.
    """

    code: str
    kind: str
    title: str
    text: str = ""
    channels: tuple[str, ...] = ()
    urgent: bool = False


def _faults(event: EventDeclaration) -> Iterator[str]:
    if event.kind not in kinds:
        yield f"kind {event.kind!r} is not declared"
    for template in (event.title, event.text):
        if any(name is not None and not name.isidentifier() for _, name, _, _ in Formatter().parse(template)):
            yield "a template may only name values, not their attributes"


kinds: Registry[MessageKind] = Registry("message kind")
declared_events: Registry[EventDeclaration] = Registry("message event", _faults)


def declare_kind(code: str, title: str) -> MessageKind:
    """Declare a kind of message; a code declared twice is refused."""
    return kinds.add(code, MessageKind(code, title))


def declare_event(
    code: str, kind: str, title: str, text: str = "", *, channels: str = "", urgent: bool = False
) -> EventDeclaration:
    """Declare an event and its words; ``channels`` are words in one string, such as ``"sms wechat"``."""
    event = EventDeclaration(code, kind, title, text, tuple(channels.split()), urgent)
    return declared_events.add(code, event)


declare_kind("task", "任务")
declare_kind("overtime", "逾期预警")
declare_kind("hazard", "隐患")
declare_kind("certificate", "证照到期")
declare_kind("incident", "突发事件")
declare_kind("device", "设备故障")
declare_kind("notice", "通知公告")
declare_kind("urge", "催办")
declare_kind("approval", "审批")
declare_kind("system", "系统")
