"""Who is called for an alarm: school security, the control centre, the police; again until somebody takes charge."""

from typing import Any

from anlan.engines.audit.api import SYSTEM, change
from anlan.engines.messaging.api import declare_event, holders, holders_at, rungs, send
from anlan.engines.org.api import declare_permission, declare_role
from anlan.kernel import clock

declare_role("alarm_police", "公安接警人员")
ANSWERED = "alarms.alarms.take"
CENTRE = declare_permission(
    "alarms.alarms.centre", "报警：上级指挥中心接收", ("bureau_safety", "team_admin")
).code
POLICE = declare_permission("alarms.alarms.police", "报警：公安机关接收", ("alarm_police",)).code
declare_event(
    "alarms.panic",
    "incident",
    "一键报警：{school} {place}",
    "{time} 在 {place} 按下（第 {call} 次呼叫）。请立即处置，并在系统里接警。",
    channels="sms wechat",
    urgent=True,
)
declare_event(
    "alarms.intrusion",
    "incident",
    "入侵报警：{school} {place}",
    "{time} 触发，防区 {zone}。请到现场核查，并在系统里接警。",
    channels="sms wechat",
    urgent=True,
)


def called(alarm: Any) -> list[Any]:
    """Those who are called: the school's own people; for a panic alarm also control centre and police."""
    inside = holders_at([alarm.org], ANSWERED)
    if alarm.kind != "panic":
        return inside or next(iter(rungs(alarm.org, ANSWERED)), [])
    centre = next(iter(rungs(alarm.org, CENTRE)), [])
    return [*inside, *centre, *holders(alarm.org, permission=POLICE)]


def call_out(alarm: Any) -> int:
    """Call once more; Conflict where somebody took charge meanwhile. Returns how many are told."""
    number = alarm.calls + 1
    change(SYSTEM, alarm, {"called_at": clock.now(), "calls": number}, action="call_out")
    said = {
        "school": alarm.org,
        "place": alarm.place or alarm.device_title,
        "time": f"{alarm.at.astimezone(clock.zone()):%m-%d %H:%M:%S}",
        "zone": alarm.zone or alarm.zone_code or "未登记",
        "call": number,
    }
    key = f"alarm:{alarm.pk}:{number}"
    return send(f"alarms.{alarm.kind}", called(alarm), alarm, key=key, context=said)
