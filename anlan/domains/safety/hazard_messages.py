"""Who is told what along the loop of a hazard (D01.15, D03.4, D03.5, D03.8)."""

from typing import Any

from anlan.base.grids import area_of
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.pressing import Pressing
from anlan.engines.audit.api import Written
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import scope
from anlan.engines.tasks.api import close_todos, open_todo
from anlan.engines.workflow.api import Moved
from anlan.kernel import events

REINSPECT, GIVEN = "safety.hazards.reinspect", "safety.hazards.given"
declare_event(
    "safety.hazard.assigned", "hazard", "待整改：{record}", "请在 {due} 前完成整改。", channels="sms wechat"
)
declare_event("safety.hazard.returned", "hazard", "退回重改：{record}", "{opinion}", channels="sms wechat")
declare_event(
    "safety.hazard.judged", "hazard", "{verdict}：{record}", "您上报的隐患已核实：{verdict}。{opinion}"
)
declare_event("safety.hazard.closed", "hazard", "已销号：{record}", "隐患已复查合格并销号。")
declare_event("safety.hazard.pressed", "urge", "督办：{record}", "{text}", channels="sms wechat", urgent=True)


declare_event(
    "safety.hazard.given", "hazard", "交您整改：{record}", "请在 {due} 前完成整改。", channels="sms wechat"
)


def _school(hazard: Hazard) -> list[Any]:
    """Who answers for hazards at the school, and who keeps the area of the place, where they may read it."""
    people = list(holders(hazard.org, permission="safety.hazards.submit", at_unit=True))
    area = area_of(hazard.org, hazard.place) if hazard.place else None
    keeper = area.in_charge if area else None
    told = keeper and keeper not in people and scope(keeper, "safety.hazards.view").covers(hazard.org.path)
    return [*people, keeper] if told else people


@events.on(Moved)
def tell(event: Moved) -> None:
    """Messages of the moves."""
    hazard = event.record
    if not isinstance(hazard, Hazard):
        return
    name, opinion = event.move.name, str(event.values.get("opinion", ""))
    if name == "confirm":
        send("safety.hazard.assigned", _school(hazard), hazard, context={"due": f"{hazard.due_at:%m-%d}"})
    if name in ("send_back", "fail_recheck"):
        send("safety.hazard.returned", _school(hazard), hazard, context={"opinion": opinion})
    if name == "strike_off":
        send("safety.hazard.closed", _school(hazard), hazard)
    if name in ("confirm", "dismiss") and hazard.created_by:
        verdict = "确认为隐患" if name == "confirm" else "判为误报"
        said = {"verdict": verdict, "opinion": opinion}
        key = f"judged:{hazard.pk}:{hazard.version}"
        send("safety.hazard.judged", [hazard.created_by], hazard, key=key, context=said)


@events.on(Written)
def tell_of_pressing(event: Written) -> None:
    """A pressing reaches the school's responsible persons."""
    if isinstance(event.record, Pressing) and event.action == "create":
        pressing = event.record
        said = {"text": pressing.text, "record": str(pressing.hazard)}
        send(
            "safety.hazard.pressed",
            _school(pressing.hazard),
            pressing,
            url=pressing.hazard.get_absolute_url(),
            context=said,
        )


@events.on(Moved)
def remind_inspectors(event: Moved) -> None:
    """A failed re-check puts a reminder on the desks of the school's inspectors; rectifying withdraws it (D03.8)."""
    hazard = event.record
    if not isinstance(hazard, Hazard):
        return
    if event.move.name == "fail_recheck":
        title = f"{hazard.org}：{hazard.title}（第 {hazard.rounds} 轮未整改到位）"
        for person in holders(hazard.org, role="inspector", at_unit=True):
            open_todo(hazard, REINSPECT, title, hazard.get_absolute_url(), verb="关注", user=person)
    if event.move.name == "pass_recheck" or not hazard.open:
        close_todos(hazard, event.actor.user, (REINSPECT,))


@events.on(Moved)
def give_to_rectifier(event: Moved) -> None:
    """The person a hazard was given to has it on the desk while it awaits rectification (S08.3)."""
    hazard = event.record
    if not isinstance(hazard, Hazard) or hazard.rectifier is None:
        return
    close_todos(hazard, event.actor.user, (GIVEN,))
    if hazard.state not in ("fixing", "returned"):
        return
    manages = scope(hazard.rectifier, "safety.hazards.submit").covers(hazard.org.path)
    if not manages:
        open_todo(
            hazard,
            GIVEN,
            hazard.title,
            hazard.get_absolute_url(),
            verb="提交整改",
            user=hazard.rectifier,
            due_at=hazard.due_at,
        )
    if event.move.name == "assign":
        due = f"{hazard.due_at:%m-%d}" if hazard.due_at else "期限"
        send("safety.hazard.given", [hazard.rectifier], hazard, context={"due": due})
    if hazard.state == "returned" and not manages:
        said = {"opinion": str(event.values.get("opinion", ""))}
        send("safety.hazard.returned", [hazard.rectifier], hazard, context=said)
