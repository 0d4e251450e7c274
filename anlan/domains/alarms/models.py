"""Models of alarms, for Django; ledgers, flows, rights and jobs are declared beside them."""

from anlan.domains.alarms import (
    alarm_flow,
    alarm_registers,
    broadcast_registers,
    commanding,
    demo,
    entrance_registers,
    feed_demo,
    feed_registers,
    gate_proofs,
    peak_day_registers,
    peak_following,
    peak_registers,
    school_days,
)
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.broadcast_texts import BroadcastText
from anlan.domains.alarms.broadcasts import Broadcast
from anlan.domains.alarms.entrances import Entrance, Opening
from anlan.domains.alarms.feed_records import FeedRecord, HeldRecord
from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.passings import Passing
from anlan.domains.alarms.peak_days import PeakDay
from anlan.domains.alarms.peaks import PeakZone
from anlan.domains.alarms.sources import Source
from anlan.domains.alarms.zones import Zone

__all__ = [
    "Alarm",
    "Broadcast",
    "BroadcastText",
    "Entrance",
    "FeedRecord",
    "HeldRecord",
    "Opening",
    "Pass",
    "Passing",
    "PeakDay",
    "PeakZone",
    "Source",
    "Zone",
    "alarm_flow",
    "alarm_registers",
    "broadcast_registers",
    "commanding",
    "demo",
    "entrance_registers",
    "feed_demo",
    "feed_registers",
    "gate_proofs",
    "peak_day_registers",
    "peak_following",
    "peak_registers",
    "school_days",
]
