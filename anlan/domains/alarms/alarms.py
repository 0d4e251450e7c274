"""Alarms that were pressed or set off: kept, called out where they count, handled by people (N1.14, N1.15)."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.base.device_signals import Signal, Tested, declare_signal
from anlan.domains.alarms.calling import call_out
from anlan.domains.alarms.zones import Zone
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.registry.api import ledger_of
from anlan.engines.workflow.api import FlowRecord, perform
from anlan.kernel import events

MERGED_WITHIN = timedelta(minutes=10)


class Alarm(FlowRecord):
    """One alarm; the device is named as it was then. ``armed`` alarms are called out, ``test`` ones never."""

    class Kind(models.TextChoices):
        PANIC = "panic", "一键报警"
        INTRUSION = "intrusion", "入侵报警"

    JUDGEMENTS = [("real", "真实报警"), ("false", "误报")]

    kind = models.CharField("类别", max_length=10, choices=Kind.choices, db_index=True)
    device_code = models.CharField("设备编号", max_length=40, blank=True)
    device_title = models.CharField("设备", max_length=120, blank=True)
    device_url = models.CharField("设备页", max_length=120, blank=True, editable=False)
    place = models.CharField("地点", max_length=120, blank=True)
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="alarms", verbose_name="防区"
    )
    zone_code = models.CharField("上报的防区", max_length=30, blank=True)
    at = models.DateTimeField("报警时间", db_index=True)
    last_at = models.DateTimeField("最近触发", null=True, blank=True)
    triggers = models.PositiveIntegerField("触发次数", default=1)
    armed = models.BooleanField("布防", default=True, db_index=True)
    test = models.BooleanField("测试", default=False, db_index=True)
    called_at = models.DateTimeField("最近呼叫", null=True, blank=True, editable=False, db_index=True)
    calls = models.PositiveIntegerField("呼叫次数", default=0, editable=False)
    judgement = models.CharField("判定", max_length=5, choices=JUDGEMENTS, blank=True, db_index=True)
    reason = models.CharField("判定理由", max_length=200, blank=True)
    action = models.TextField("处置情况", blank=True)
    incident_url = models.CharField("安全事件", max_length=120, blank=True, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "报警"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place or self.device_title}"

    def get_absolute_url(self) -> str:
        """The alarm's page."""
        ledger = ledger_of(type(self))
        return ledger.url_of(self) if ledger else ""


def _begun(signal: Signal, kind: str, **said: Any) -> Alarm:
    device = signal.device
    url = device.record.get_absolute_url()  # type: ignore[attr-defined]
    return Alarm(
        org=device.record.org, kind=kind, at=signal.at, last_at=signal.at, device_code=device.code,
        device_title=device.title[:120], device_url=url, place=device.where[:120], **said,
    )  # fmt: skip


def _ring(signal: Signal, alarm: Alarm) -> Alarm:
    """Keep the alarm; one that is being handled, or was stored just now, only counts once more.

    The device is held meanwhile, so that two messages of one alarm do not make two.
    """
    type(signal.device.record).unguarded.select_for_update().get(pk=signal.device.record.pk)
    same = Alarm.objects.unscoped().filter(
        org=alarm.org,
        kind=alarm.kind,
        device_code=alarm.device_code,
        zone_code=alarm.zone_code,
        archived_at=None,
    )
    loud = alarm.armed and not alarm.test
    stored = Q(state="heard", test=alarm.test, last_at__gte=signal.at - MERGED_WITHIN)
    known = same.filter(Q(state__in=("open", "taken")) if loud else stored).first()
    if known is not None:
        last = max(signal.at, known.last_at or signal.at)
        return change(SYSTEM, known, {"triggers": known.triggers + 1, "last_at": last}, action="again")
    made = create(signal.actor, alarm)
    if loud:
        perform(SYSTEM, made, "call")
        call_out(made)
    return made


def take_panic(signal: Signal) -> None:
    """A button was pressed; a test press is kept as the test it is and calls nobody."""
    test = signal.data.get("test") is True
    _ring(signal, _begun(signal, Alarm.Kind.PANIC, test=test))
    if test:
        events.publish(Tested(signal.actor, signal.device.record, signal.at, "测试按下，信号到达平台"))


def take_intrusion(signal: Signal) -> None:
    """A zone was set off; one nobody registered counts as armed, so that nothing is missed."""
    code = str(signal.data.get("zone") or signal.device.zone)[:30]
    zone = Zone.objects.unscoped().filter(org=signal.device.record.org, code=code, archived_at=None).first()
    armed, test = zone is None or zone.armed_at(signal.at), signal.data.get("test") is True
    _ring(signal, _begun(signal, Alarm.Kind.INTRUSION, zone=zone, zone_code=code, armed=armed, test=test))
    if test:
        events.publish(Tested(signal.actor, signal.device.record, signal.at, "测试触发，信号到达平台"))


def unassigned() -> Q:
    """Set off in a zone that nobody registered."""
    return Q(kind=Alarm.Kind.INTRUSION, zone=None)


def unanswered() -> Q:
    """Called out, and nobody took charge yet."""
    return Q(state="open", archived_at=None)


declare_signal("panic", "一键报警", take_panic, "panic")
declare_signal("intrusion", "入侵报警", take_intrusion, "intrusion")
