"""The ledger of alarms (N1.14, N1.15)."""

from typing import Any

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.alarms.alarms import Alarm, unanswered, unassigned
from anlan.domains.alarms.broadcast_registers import PlayForm
from anlan.domains.alarms.broadcasts import EMERGENCY, Broadcast, play, under_way
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger

VIEWERS = " ".join((*ABOVE, *AT_SCHOOL, "guard", "alarm_police"))


@ledger
class Alarms(Ledger):
    """Every alarm with what became of it."""

    code = "alarms.alarms"
    model = Alarm
    readonly = True
    title, noun, icon = "报警处置", "次", "alert-triangle"
    area, group, order = "safety", "报警与出入", 320
    columns = "what place zone at state judgement org"
    filters = "org kind state test armed judgement zone at"
    search = "place device_code device_title zone_code reason org__name"
    sort = "-at"
    facts = (
        "what org place device_code device_title zone zone_code at last_at triggers armed test state calls"
        " called_at judgement reason action"
    )
    live = 15
    files = {"scene": "现场照片"}
    marks = {"unanswered": unanswered, "unassigned": unassigned}
    views = {
        "无人接警": "unanswered=1",
        "处置中": "state=taken",
        "防区未登记": "unassigned=1",
        "误报": "judgement=false",
        "测试": "test=1",
    }
    happenings = {"again": "再次触发", "call_out": "呼叫", "incident": "形成安全事件"}
    roles = {"view": VIEWERS, "export": "bureau_safety school_safety school_head"}

    @computed("报警", sort="kind")
    def what(self, row: Alarm) -> str:
        """Kind, and what makes it quiet."""
        quiet = "（测试）" if row.test else "" if row.armed else "（撤防）"
        return f"{row.get_kind_display()}{quiet}"

    @act("应急广播", EMERGENCY, form=PlayForm, icon="bell", kind="danger", when=under_way)
    def broadcast(self, actor: Actor, record: Alarm, values: dict[str, Any]) -> None:
        """A prepared text to the zones chosen."""
        play(actor, record, values["zones"], values["text"].words)

    @block("相关记录", "alarms/links.html")
    def links(self, request: Any, record: Alarm) -> dict[str, Any] | None:
        """The device, and the record of the emergency."""
        played = list(Broadcast.objects.unscoped().filter(alarm=record))
        found = {"device": record.device_url, "incident": record.incident_url, "played": played}
        return found | {"alarm": record} if any(found.values()) else None


archives("alarms.alarms", "incident")
