"""Repair orders: one for each fault, kept along with the life of the device (D02.6, N1.25).

The steps are those of the device's life; an order opens with its report, follows it, and is closed with it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.domains.site_security.device_limits import limits_at
from anlan.domains.site_security.devices import Device
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.registry.api import Entry
from anlan.engines.workflow.api import Moved
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected


class Repair(Entry):
    """One fault of a device, from report to confirmation."""

    class FoundBy(models.TextChoices):
        PERSON = "person", "人工报修"
        MACHINE = "machine", "自动发现"
        CHECK = "check", "检查发现"

    class Stage(models.TextChoices):
        REPORTED = "reported", "待受理"
        REPAIRING = "repairing", "维修中"
        REPAIRED = "repaired", "待确认"
        CLOSED = "closed", "已恢复"
        WITHDRAWN = "withdrawn", "设备停用"

    device = models.ForeignKey(Device, models.PROTECT, related_name="repairs", verbose_name="设备")
    stage = models.CharField(
        "进度", max_length=10, choices=Stage.choices, default=Stage.REPORTED, db_index=True
    )
    found_by = models.CharField("发现方式", max_length=8, choices=FoundBy.choices, default=FoundBy.PERSON)
    fault = models.TextField("故障情况")
    reporter = models.CharField("报修人", max_length=40)
    started_at = models.DateTimeField("故障开始时间", db_index=True)
    accept_by = models.DateTimeField("受理期限")
    restore_by = models.DateTimeField("恢复期限")
    interim_by = models.DateTimeField("临时措施期限")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    accepted_by = models.CharField("受理人", max_length=40, blank=True)
    mender = models.CharField("维修单位、维修人", max_length=80, blank=True)
    cause = models.CharField("故障原因", max_length=200, blank=True)
    parts = models.CharField("更换的配件", max_length=200, blank=True)
    restored_at = models.DateTimeField("恢复时间", null=True, blank=True)
    refusals = models.PositiveSmallIntegerField("退回次数", default=0)
    working_test = models.CharField("试运行结果", max_length=200, blank=True)
    confirmed_by = models.CharField("确认人", max_length=40, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    interim = models.CharField("临时措施", max_length=200, blank=True)
    interim_at = models.DateTimeField("采取时间", null=True, blank=True)
    recovered_at = models.DateTimeField("自动恢复时间", null=True, blank=True)
    relapses = models.PositiveSmallIntegerField("又中断次数", default=0)

    class Meta(Entry.Meta):
        verbose_name = "技防报修单"
        constraints = [
            models.UniqueConstraint(
                fields=["device"], name="site_security_repair_open_once", condition=Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.device} 报修"

    @property
    def hours(self) -> float | None:
        """How long the fault lasted, or lasts so far."""
        end = self.restored_at or self.closed_at or clock.now()
        return round((end - self.started_at) / timedelta(hours=1), 1)

    @property
    def late(self) -> bool:
        """Restored after the limit, or not restored yet and past it."""
        return (self.restored_at or self.closed_at or clock.now()) > self.restore_by


# Conditions of what is not in order, as queries.
def unaccepted(now: datetime | None = None) -> Q:
    """Not accepted in time."""
    return Q(accepted_at=None, closed_at=None, accept_by__lt=now or clock.now())


def unrestored(now: datetime | None = None) -> Q:
    """Not restored in time."""
    return Q(restored_at=None, closed_at=None, restore_by__lt=now or clock.now())


def without_interim(now: datetime | None = None) -> Q:
    """No interim measure after the short time allowed."""
    return Q(interim="", restored_at=None, closed_at=None, interim_by__lt=now or clock.now())


def open_repair(device: Device) -> Repair | None:
    """The order that is open for the device."""
    found: Repair | None = Repair.objects.unscoped().filter(device=device, closed_at=None).first()
    return found


def take_interim(actor: Actor, repair: Repair, measure: str) -> Repair:
    """Write down what protects the place meanwhile; Conflict once the fault is over, Rejected for no words."""
    if repair.closed_at is not None or repair.restored_at is not None:
        raise Conflict("故障已经恢复，不用再登记临时措施")
    if not measure.strip():
        raise Rejected({"interim": "请写明采取的临时措施"})
    return change(actor, repair, {"interim": measure.strip(), "interim_at": clock.now()}, action="interim")


@events.on(Moved)
def keep_order(event: Moved) -> None:
    """The order follows every step of the device's life."""
    if not isinstance(event.record, Device):
        return
    device = event.record
    if event.move.name == "report":
        _open(event, device)
    elif (order := open_repair(device)) is not None:
        values = _values(event, device)
        if values:
            change(event.actor, order, values, action=f"device:{event.move.name}")


def _open(event: Moved, device: Device) -> None:
    limits, start = limits_at(device.org), device.started_at or clock.now()
    found_by = Repair.FoundBy.MACHINE if event.actor == SYSTEM else Repair.FoundBy.PERSON
    create(
        event.actor,
        Repair(
            org=device.org,
            device=device,
            found_by=found_by,
            fault=device.fault,
            reporter=event.actor.name,
            started_at=start,
            accept_by=start + timedelta(hours=limits.accept_hours),
            restore_by=start + limits.restore,
            interim_by=start + timedelta(minutes=limits.interim_minutes),
        ),
    )


def _values(event: Moved, device: Device) -> dict[str, Any]:
    now, name, order = clock.now(), event.actor.name, open_repair(device)
    if event.move.name == "accept":
        return {"stage": "repairing", "accepted_at": now, "accepted_by": name}
    if event.move.name == "finish":
        said = {field: getattr(device, field) for field in ("cause", "parts", "restored_at")}
        return said | {"stage": "repaired", "mender": device.mender or name}
    if event.move.name == "redo":
        refusals = order.refusals + 1 if order else 1
        return {"stage": "repairing", "restored_at": None, "refusals": refusals}
    if event.move.name == "confirm":
        said = {"working_test": device.working_test, "confirmed_by": name}
        return said | {"stage": "closed", "closed_at": now}
    return {"stage": "withdrawn", "closed_at": now} if event.move.name in ("stop", "scrap") else {}
