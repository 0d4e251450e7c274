"""Sending: a message for each recipient, logged before it leaves, handed over one by one by a job (ARCH.16)."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.texting.patterns import merged
from anlan.domains.texting.sendings import MOST, Sending, typed_lines
from anlan.domains.texting.texts import Text
from anlan.engines.audit.api import SYSTEM, Actor, change, create_all
from anlan.engines.messaging.api import ChannelFailed, Parcel, channels
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from anlan.kernel.identifiers import mobile_fault, normal_mobile

State = Text.State
WAITING = Q(state__in=(State.QUEUED, State.SENDING))


def drafted(sending: Sending) -> list[Text]:
    """The messages as they would be sent, one for each number and text; those without a number have failed."""
    found: dict[tuple[str, str, str], Text] = {}
    for one in _recipients(sending):
        one.phone = normal_mobile(one.phone)
        one.error = mobile_fault(one.phone) if one.phone else "没有手机号"
        one.state = State.FAILED if one.error else State.QUEUED
        found.setdefault((one.phone, one.text, "" if one.phone else one.name), one)
    return list(found.values())


def _recipients(sending: Sending) -> Iterator[Text]:
    for person in sending.people.filter(archived_at=None).select_related("org").order_by("pk"):
        said = {"姓名": person.name, "单位": person.org.name, "职务": person.duty}
        text = merged(sending.body, said)
        yield Text(
            org=sending.org, sending=sending, person=person, name=person.name, phone=person.phone, text=text
        )
    for name, number in typed_lines(sending.others):
        text = merged(sending.body, {"姓名": name})
        yield Text(org=sending.org, sending=sending, name=name[:40], phone=number[:30], text=text)


def preview(sending: Sending) -> str:
    """What sending would do, in words, with the first message as it will read."""
    texts = drafted(sending)
    good = [one for one in texts if one.state == State.QUEUED]
    bad = f"，{len(texts) - len(good)} 人没有号码或号码不对，不会发送" if len(good) < len(texts) else ""
    return f"将发送 {len(good)} 条短信{bad}。" + (f"第一条：“{good[0].text}”" if good else "")


def dispatch(actor: Actor, sending: Sending) -> Job:
    """Write down a message for each recipient and queue them.

    Rejected without a recipient or with too many; Conflict the second time: a double click sends nothing twice.
    """
    texts = drafted(sending)
    if not texts:
        raise Rejected({"": "请先选择收信人"})
    if len(texts) > MOST:
        raise Rejected({"": f"一次最多发送 {MOST} 人，请分几次"})
    with transaction.atomic():
        change(actor, sending, {"sent_at": clock.now()}, action="send", expect=Q(sent_at=None))
        create_all(actor, texts, action="send")
        return _queue(actor, sending)


def send_again(actor: Actor, sending: Sending, only: Text | None = None) -> int:
    """Try once more what did not leave, with the numbers people have by now; how many. Conflict where none can."""
    failed = sending.texts.filter(state=State.FAILED).select_related("person", "sending", "org")
    rows = [only] if only else list(failed)
    ready = [(row, number) for row in rows if not mobile_fault(number := _number_now(row))]
    if not ready:
        raise Conflict("号码仍然不对，请先更正人员的手机号")
    with transaction.atomic():
        for row, number in ready:
            values = {"state": State.QUEUED, "error": "", "phone": number}
            change(actor, row, values, action="send_again", expect=Q(state=State.FAILED))
        _queue(actor, sending)
    return len(ready)


def _number_now(text: Text) -> str:
    return normal_mobile(text.person.phone if text.person else text.phone)


def _queue(actor: Actor, sending: Sending) -> Job:
    return enqueue(actor, hand_over, title=f"发送短信：{sending}", pk=sending.pk)


@background("发送短信")
def hand_over(job: Job, pk: int) -> dict[str, Any]:
    """Give the waiting messages to the gateway; one that was under way when a worker died goes with the same id."""
    sending = Sending.objects.unscoped().get(pk=pk)
    rows = list(sending.texts.filter(WAITING).select_related("org", "sending"))
    for place, text in enumerate(rows):
        progress(job, place, len(rows))
        _send(text)
    sent = sending.texts.filter(state=State.SENT).count()
    return {"url": sending.get_absolute_url(), "text": f"已发送 {sent} 条，共 {sending.texts.count()} 条"}


def _send(text: Text) -> None:
    change(SYSTEM, text, {"state": State.SENDING}, action="hand_over", expect=WAITING)
    try:
        backend = channels["sms"].backend()
        if backend is None:
            raise ChannelFailed("没有设置短信通道，请联系系统管理员")
        backend.hand_over(Parcel(f"anlan-text-{text.pk}", text.phone, text.sending.title, text.text))
    except ChannelFailed as failure:
        change(SYSTEM, text, {"state": State.FAILED, "error": str(failure)[:200]}, action="fail")
    else:
        change(SYSTEM, text, {"state": State.SENT, "sent_at": clock.now()}, action="sent")
