"""What each channel has recorded: how far back, and where it broke off, by interface or by spot check (N1.24)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from anlan.base.device_signals import Signal, declare_signal
from anlan.domains.site_security.device_limits import limits_at
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.pulses import take_fault, take_recovery
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

MOST_BREAKS = 50
Break = tuple[datetime, datetime | None]


class Recording(Entry):
    """The state of one channel as last looked at; ``kept`` and ``required`` are days."""

    class Way(models.TextChoices):
        INTERFACE = "interface", "接口上报"
        SPOT = "spot", "现场核查"

    device = models.ForeignKey(Device, models.PROTECT, related_name="recordings", verbose_name="摄像机")
    looked_at = models.DateTimeField("核查时间", db_index=True)
    way = models.CharField("核查方式", max_length=10, choices=Way.choices)
    looker = models.CharField("核查人", max_length=60, blank=True)
    oldest_on = models.DateField("最早录像日期", null=True, blank=True)
    kept = models.PositiveSmallIntegerField("已保存天数", null=True, blank=True)
    required = models.PositiveSmallIntegerField("应保存天数", null=True, blank=True)
    enough = models.BooleanField("保存达到要求", default=True, db_index=True)
    running = models.BooleanField("正在录像", default=True, db_index=True)
    breaks = models.JSONField("中断", default=list, blank=True)
    broke_at = models.DateTimeField("最近一次中断", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "录像保存情况"
        constraints = [unique("site_security_recording_once", "device", "这台摄像机已有录像情况")]

    def __str__(self) -> str:
        return f"{self.device} 录像"

    @property
    def spans(self) -> list[Break]:
        """Breaks with start and end, the latest first; without an end it lasts."""
        found = [
            (datetime.fromisoformat(start), end and datetime.fromisoformat(end)) for start, end in self.breaks
        ]
        return sorted(found, reverse=True, key=lambda span: span[0])


def days_required(device: Device, day: date) -> int:
    """How far back a channel must reach: the limit in force, or its age where it is newer."""
    limit = int(limits_at(device.org).keep_days)
    return min(limit, max((day - device.installed_on).days, 0)) if device.installed_on else limit


@transaction.atomic
def look(
    actor: Actor,
    device: Device,
    way: str,
    *,
    at: datetime | None = None,
    oldest: date | None = None,
    running: bool | None = None,
    breaks: Iterable[Break] = (),
) -> Recording:
    """Keep what was found about a channel; Rejected for times to come and breaks that end before they start."""
    at, spans = at or clock.now(), list(breaks)
    day = at.astimezone(clock.zone()).date()
    if oldest is not None and oldest > day:
        raise Rejected({"oldest": "最早录像日期不能晚于核查日期"})
    if any(start > at or (end is not None and not start < end <= at) for start, end in spans):
        raise Rejected({"breaks": "中断时间要早于核查时间，先开始后结束"})
    held = Recording.objects.unscoped().select_for_update().filter(device=device, archived_at=None).first()
    known = held or Recording(org=device.org, device=device, looked_at=at, way=way)
    values: dict[str, Any] = {"looked_at": at, "way": way, "looker": actor.name[:60]}
    values |= _broken(known, at, running, spans)
    if oldest is not None:
        kept, required = (day - oldest).days, days_required(device, day)
        values |= {"oldest_on": oldest, "kept": kept, "required": required, "enough": kept >= required}
    if held is not None:
        return change(actor, held, values, action="look")
    for name, value in values.items():
        setattr(known, name, value)
    return create(actor, known)


def _broken(known: Recording, at: datetime, running: bool | None, spans: list[Break]) -> dict[str, Any]:
    """Breaks so far with the new ones; a start that is known takes the new end."""
    found: dict[datetime, datetime | None] = dict(known.spans) | dict(spans)
    lasting = [start for start, end in found.items() if end is None]
    if running is False and not lasting:
        found[at] = None
    elif running:
        found |= dict.fromkeys(lasting, at)
    latest = sorted(found.items(), key=lambda span: span[0])[-MOST_BREAKS:]
    return {
        "breaks": [[start.isoformat(), end.isoformat() if end else None] for start, end in latest],
        "broke_at": latest[-1][0] if latest else None,
        "running": all(end is not None for _, end in latest),
    }


def take_recording(signal: Signal) -> None:
    """What the recorder says of a channel; broken off it is a fault, going on again its end."""
    data, running = signal.data, signal.data.get("running")
    said = {name: data[name] for name in ("oldest", "running", "breaks") if name in data}
    if not said or running not in (None, True, False):
        raise Rejected({"": "没有说明录像情况"})
    device: Any = signal.device.record
    try:
        oldest = date.fromisoformat(str(said["oldest"])) if "oldest" in said else None
        spans = [_span(one) for one in said.get("breaks", ())]
    except (ValueError, TypeError):
        raise Rejected({"": "日期或时间格式不对，时间要带时区"}) from None
    look(
        signal.actor,
        device,
        Recording.Way.INTERFACE,
        at=signal.at,
        oldest=oldest,
        running=running,
        breaks=spans,
    )
    if running is not None:
        (take_recovery if running else take_fault)(replace(signal, data={"what": "recording"}))


def _span(said: Any) -> Break:
    """Start and end of a break as sent; ValueError or TypeError for anything else."""
    start, end = (datetime.fromisoformat(str(one)) for one in said)
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("no time zone")
    return start, end


def spot_check(actor: Actor, device: Device, said: Mapping[str, Any]) -> Recording:
    """What somebody read off the recorder on the spot."""
    spans = [(said["began_at"], said["ended_at"])] if said.get("began_at") else []
    return look(actor, device, Recording.Way.SPOT, oldest=said["oldest"], breaks=spans)


declare_signal("recording", "录像情况", take_recording, "video")
