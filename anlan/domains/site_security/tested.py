"""Tests that devices report themselves count as the check they owe (N1.14)."""

from typing import Any

from anlan.base.device_signals import Tested
from anlan.domains.site_security.device_checks import RULE_CHECK
from anlan.domains.site_security.devices import Device
from anlan.engines.registry.api import CheckResult, ledger_of, record_check
from anlan.kernel import clock, events


@events.on(Tested)
def count_test(event: Tested) -> None:
    """Once a day, for a device that owes checks."""
    device, ledger = event.device, ledger_of(Device)
    if ledger is None or not isinstance(device, Device) or device.next_on is None:
        return
    day = event.at.astimezone(clock.zone()).date()
    known = {"ledger": ledger.code, "object_id": device.pk, "check_code": RULE_CHECK, "day": day}
    if not CheckResult.objects.unscoped().filter(**known).exists():
        said: dict[str, Any] = {"check_code": RULE_CHECK, "day": day, "passed": True, "note": event.note}
        record_check(event.actor, ledger, device, said)
