"""Broadcasts to the zones of a campus: tests with their result, evacuation texts during an emergency (N1.18).

A broadcast waits until the school's broadcast host fetches it (with the answer of the door) and reports the result.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.base.device_signals import KnownDevice, Signal, Tested, declare_signal, devices_of
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.sources import Source
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.org.api import OrgUnit, declare_permission, scope
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

FETCHED_WITHIN = timedelta(minutes=10)
TEST_WORDS = "这是应急广播测试，请不要惊慌。"
EMERGENCY = declare_permission(
    "alarms.broadcasts.emergency", "应急广播：突发事件时播放", ("school_head", "school_safety")
).code


class Broadcast(Entry):
    """One text to one zone; ``alarm`` is the emergency during which it is played."""

    KINDS = [("test", "测试"), ("emergency", "应急")]
    RESULTS = [("waiting", "等待播放"), ("played", "已播放"), ("failed", "播放失败")]

    kind = models.CharField(
        "类别", max_length=9, choices=KINDS, default="test", editable=False, db_index=True
    )
    alarm = models.ForeignKey(
        Alarm, models.PROTECT, null=True, editable=False, related_name="broadcasts", verbose_name="报警"
    )
    zone = models.CharField("广播分区", max_length=60)
    device_code = models.CharField("广播设备", max_length=40, blank=True, editable=False)
    words = models.TextField("播音文本", max_length=500, default=TEST_WORDS)
    at = models.DateTimeField("发起时间", default=clock.now, editable=False, db_index=True)
    result = models.CharField(
        "结果", max_length=7, choices=RESULTS, default="waiting", editable=False, db_index=True
    )
    answered_at = models.DateTimeField("结果时间", null=True, editable=False)
    note = models.CharField("说明", max_length=200, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "校园广播"
        ordering = ["-at"]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The zone names its device."""
        if self._state.adding and self.org_id and not self.device_code:
            host = zones_of(self.org).get(self.zone)
            self.device_code = host.code if host else ""
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """A zone that a device of the school serves; without such devices the school names its zones itself."""
        if not self.device_code and zones_of(self.org):
            raise ValidationError({"zone": "本校没有登记这个广播分区"})


def zones_of(unit: OrgUnit) -> dict[str, KnownDevice]:
    """Zones of a school with the device that serves each."""
    return {one.zone: one for one in devices_of(unit, "broadcast") if one.zone and one.in_use}


def under_way(alarm: Alarm) -> bool:
    """The emergency is not over, and it is one."""
    return alarm.state in ("open", "taken") and not alarm.test and alarm.archived_at is None


@transaction.atomic
def play(actor: Actor, alarm: Alarm, zones: Iterable[str], words: str) -> list[Broadcast]:
    """Send an evacuation text to zones; Forbidden without the emergency right, Conflict when it is over."""
    if actor.user is None or not scope(actor.user, EMERGENCY).covers(alarm.org.path):
        raise Forbidden(EMERGENCY)
    if not under_way(alarm):
        raise Conflict("报警已办结或是测试，不能播放应急广播")
    if not (chosen := list(dict.fromkeys(zones))):
        raise Rejected({"zones": "请选择广播分区"})
    said = {"org": alarm.org, "kind": "emergency", "alarm": alarm, "words": words}
    return [create(actor, Broadcast(zone=zone, **said)) for zone in chosen]


def answer(actor: Actor, row: Broadcast, result: str, note: str = "") -> Broadcast:
    """Keep the result, once; Conflict where there is one already."""
    if result not in ("played", "failed"):
        raise Rejected({"result": "请选择结果"})
    values = {"result": result, "note": note[:200], "answered_at": clock.now()}
    return change(actor, row, values, action="answer", expect=Q(result="waiting"))


def waiting_for(source: Source) -> list[dict[str, Any]]:
    """What the broadcast hosts behind a source have to play now; given again until a result is reported."""
    rows = Broadcast.objects.unscoped().filter(
        org__path__startswith=source.org.path,
        result="waiting",
        at__gte=clock.now() - FETCHED_WITHIN,
        archived_at=None,
    )
    return [
        {
            "play": str(row.uid),
            "unit": row.org.code,
            "device": row.device_code,
            "zone": row.zone,
            "text": row.words,
            "test": row.kind == "test",
        }
        for row in rows.select_related("org").order_by("pk")[:50]
    ]


def take_result(signal: Signal) -> None:
    """The host says what became of a broadcast; Rejected for one that it was not given."""
    device, said = signal.device, signal.data
    rows = Broadcast.objects.unscoped().filter(org=device.record.org, device_code=device.code)
    row = next((one for one in rows.filter(result="waiting") if str(one.uid) == said.get("play")), None)
    if row is None:
        raise Rejected({"play": "没有这次广播，或已报过结果"})
    answer(signal.actor, row, str(said.get("result", "")), str(said.get("note", "")))
    if row.kind == "test" and row.result == "played":
        events.publish(Tested(signal.actor, device.record, signal.at, f"广播测试：{row.zone}"))


declare_signal("broadcast", "广播结果", take_result, "broadcast")
