"""The ledger of traffic safety facilities around schools (N2.06)."""

from typing import Any

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.physical.traffic import (
    DECLINED,
    FINE,
    NONE,
    SETTLED,
    TrafficFacility,
    lacking,
    unsent,
    waiting,
)
from anlan.domains.physical.traffic_forms import NotedReplyForm, PassOnForm, ReplyForm, VerifyForm
from anlan.domains.physical.traffic_requests import PASS_ON, note_reply, pass_on, reply, verify
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import RECEIVE_SHARES
from anlan.engines.registry.api import SharedLedger, act, computed, ledger

TONES = {NONE: "todo", SETTLED: "review", DECLINED: "late"}


@ledger
class TrafficFacilities(SharedLedger):
    """Facilities, what is wrong with them, and how far the department is."""

    code = "physical.traffic_facilities"
    model = TrafficFacility
    title, noun, icon = "周边交通安全设施", "处", "map-pin"
    area, group, order = "safety", "实体防护", 310
    columns = "place kind standing request department reply replied_on org"
    filters, search = "org kind condition stage sent_on", "place kind__name defect org__name"
    key, form = "org kind place", "org kind place condition defect"
    facts = "kind place standing defect request department sent_on replied_on reply replied_by org"
    files = {"photo": "现场照片"}
    needed_files = "photo"
    marks = {"unsent": unsent}
    views = {
        "缺损未移交": "unsent=1",
        "部门处理中": "stage=sent&stage=accepted",
        "待现场核实": "stage=settled",
    }
    happenings = {"pass_on": "移交主管部门", "reply": "部门回复", "verify": "现场核实"}
    example = {"place": "南大门外 30 米", "condition": "fine"}
    roles = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector agency_liaison"}

    def locked(self, record: Any, verb: str) -> str:
        """With the department, or settled and not looked at."""
        busy = verb == "edit" and (waiting(record) or record.stage == SETTLED)
        return "已移交主管部门，处理并现场核实后才能修改" if busy else ""

    @computed("状况", "chip", sort="condition")
    def standing(self, row: TrafficFacility) -> tuple[str, str]:
        """In order, broken or missing."""
        return "done" if row.condition == FINE else "late", row.get_condition_display()

    @computed("移交进度", "chip", sort="stage")
    def request(self, row: TrafficFacility) -> tuple[str, str] | None:
        """How far the request is; nothing where none is needed."""
        if row.condition == FINE and row.stage == NONE:
            return None
        return TONES.get(row.stage, "doing"), row.get_stage_display()

    @act("移交主管部门", PASS_ON, form=PassOnForm, icon="send", kind="primary", when=lacking)
    def pass_on(self, actor: Actor, record: TrafficFacility, values: dict[str, Any]) -> None:
        """To the department in charge of this kind."""
        pass_on(actor, record, values["reason"])

    @act(
        "回复处理情况",
        RECEIVE_SHARES,
        form=ReplyForm,
        icon="message",
        kind="primary",
        above=True,
        when=waiting,
    )
    def answer(self, actor: Actor, record: TrafficFacility, values: dict[str, Any]) -> None:
        """By the department's own account."""
        reply(actor, self, record, values["stage"], values["text"])

    @act("登记部门回复", PASS_ON, form=NotedReplyForm, icon="edit", when=waiting)
    def note_reply(self, actor: Actor, record: TrafficFacility, values: dict[str, Any]) -> None:
        """By the bureau, where the department answered otherwise."""
        note_reply(actor, record, **values)

    @act("现场核实", "physical.traffic_facilities.edit", form=VerifyForm, icon="eye",
         when=lambda row: row.archived_at is None and row.stage == SETTLED)  # fmt: skip
    def verify(self, actor: Actor, record: TrafficFacility, values: dict[str, Any]) -> None:
        """In order again, or not."""
        verify(actor, record, values["found"])
