"""Models of alarms, for Django; ledgers, flows, rights and jobs are declared beside them."""

from anlan.domains.alarms import alarm_flow, alarm_registers, demo
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.sources import Source
from anlan.domains.alarms.zones import Zone

__all__ = ["Alarm", "Source", "Zone", "alarm_flow", "alarm_registers", "demo"]
