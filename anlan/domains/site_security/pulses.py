"""The last word of each device that reports by itself, and what a fault makes of it (D02.5).

A heartbeat only moves a row that is no business record, so it leaves no entry in the trail; a fault does.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from anlan.base.device_signals import KnownDevice, Signal, declare_signal, provide_devices
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.repairs import open_repair
from anlan.engines.audit.api import SYSTEM, change
from anlan.engines.messaging.api import declare_event, nearest_holders, send
from anlan.engines.org.api import OrgUnit
from anlan.engines.workflow.api import Moved, perform
from anlan.kernel import events
from anlan.kernel.errors import Rejected

FAULTS = {
    "picture": "图像丢失",
    "recording": "录像中断",
    "storage": "存储故障",
    "power": "断电",
    "other": "故障",
}
declare_event(
    "site_security.fault",
    "device",
    "设备自动发现故障：{record}",
    "{fault}。已报修，请安排临时防范措施。",
    channels="sms wechat",
)


class Pulse(models.Model):
    """``beats``: it sends heartbeats, so their absence means something. ``faults`` are codes that it reported and did
    not take back; ``well_since`` begins after a fault.
    """

    device = models.OneToOneField(Device, models.CASCADE, related_name="pulse", verbose_name="设备")
    heard_at = models.DateTimeField("最近心跳", db_index=True)
    beats = models.BooleanField("报送心跳", default=False, db_index=True)
    lost = models.BooleanField("失联", default=False, db_index=True)
    faults = models.CharField("上报的故障", max_length=80, blank=True)
    well_since = models.DateTimeField("恢复正常时间", null=True)

    class Meta:
        verbose_name = "设备心跳"

    def __str__(self) -> str:
        return f"{self.device} {self.heard_at}"


def find(unit: OrgUnit, code: str) -> KnownDevice | None:
    """The unit's device with this code, as other modules see it."""
    return next((_shown(device) for device in _of_unit(unit).filter(code=code)), None)


def of_family(unit: OrgUnit, family: str) -> list[KnownDevice]:
    """The unit's devices of a family."""
    return [_shown(device) for device in _of_unit(unit).filter(family=family).order_by("code")]


def _of_unit(unit: OrgUnit) -> Any:
    rows = Device.objects.unscoped().filter(org=unit, archived_at=None)
    return rows.select_related("org", "kind", "place")


def _shown(device: Device) -> KnownDevice:
    used = device.condition != Condition.WITHDRAWN
    zone = device.zone or device.partition or device.passage
    return KnownDevice(device, device.code, str(device), device.family, device.stands_at, zone, used)


def _of(signal: Signal) -> Any:
    """The row of the device, moved on to the time of the signal; a word that comes late moves nothing back."""
    device: Any = signal.device.record
    pulse, _ = Pulse.objects.get_or_create(device=device, defaults={"heard_at": signal.at})
    row = Pulse.objects.filter(pk=pulse.pk)
    row.filter(heard_at__lt=signal.at).update(heard_at=signal.at)
    return row


def hear(signal: Signal) -> None:
    """A heartbeat: the device is there again."""
    row = _of(signal)
    row.filter(lost=True, heard_at__lte=signal.at).update(lost=False, well_since=signal.at)
    row.filter(beats=False).update(beats=True)


def take_fault(signal: Signal) -> None:
    """The device or its manager reports a fault of its own; Rejected for a kind unknown."""
    code = _code(signal)
    row = _of(signal)
    pulse = row.select_for_update().get()
    codes = sorted({*pulse.faults.split(), code})
    row.update(faults=" ".join(codes), well_since=None)
    fail(signal.device.record, f"设备上报{FAULTS[code]}")


def take_recovery(signal: Signal) -> None:
    """A fault reported before is over."""
    code = _code(signal)
    row = _of(signal)
    pulse = row.select_for_update().get()
    codes = [one for one in pulse.faults.split() if one != code]
    over = not codes and code in pulse.faults.split()
    row.update(faults=" ".join(codes), well_since=signal.at if over else F("well_since"))


def _code(signal: Signal) -> str:
    code = str(signal.data.get("what", ""))
    if code not in FAULTS:
        raise Rejected({"what": "不认识的故障类型"})
    return code


def fail(device: Any, words: str) -> None:
    """One open repair order, and one message to the school, however often a device fails until it is closed."""
    order = open_repair(device)
    if order is not None and order.recovered_at is not None:
        again = {"recovered_at": None, "relapses": order.relapses + 1}
        change(SYSTEM, order, again, action="relapse")
    elif order is None and device.state == "in_use":
        perform(SYSTEM, device, "report", {"fault": words})
        opened = open_repair(device)
        people = nearest_holders(device.org, "site_security.devices.edit")
        send("site_security.fault", people, opened, context={"fault": words})


def recover(order: Any, at: datetime) -> None:
    """Note on the order that the device works again by itself; people still confirm it."""
    change(SYSTEM, order, {"recovered_at": at}, action="recover")


@events.on(Moved)
def forget_faults(event: Moved) -> None:
    """What people confirmed as mended is not failing any more, until the device says so again."""
    if isinstance(event.record, Device) and event.move.name in ("confirm", "restart"):
        Pulse.objects.filter(device=event.record).update(faults="", well_since=None)


provide_devices(find, of_family)
declare_signal("heartbeat", "心跳", hear, once=False)
declare_signal("fault", "故障", take_fault)
declare_signal("recovered", "故障恢复", take_recovery)
