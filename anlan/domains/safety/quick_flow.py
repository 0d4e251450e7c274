"""What becomes of a quick report: taken, handled, turned into a hazard, joined, or invalid (S02.2-S02.4)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.quick import QuickHandler, QuickReport
from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.files.api import attachments_of, carry_over
from anlan.engines.identity.api import User
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import declare_permission, may
from anlan.engines.tasks.api import close_todos, due_in, open_todo
from anlan.engines.workflow.api import Moved, Workflow, doing, done, idle, move, perform, todo
from anlan.kernel import events
from anlan.kernel.errors import Rejected

TURN = "safety.quick.to_hazard"
IN_SCHOOL = "school_safety school_head staff guard canteen_manager dorm_keeper"
MANAGE = declare_permission(
    "safety.quick.manage", "随手报：未指定处理人时受理", ("school_safety", "school_head")
).code
declare_event(
    "safety.quick.received", "hazard", "随手报：{record}", "{place}，请尽快受理。", channels="sms wechat"
)
declare_event("safety.quick.moved", "hazard", "{step}：{record}", "您上报的情况：{step}。{said}")


def handlers_of(report: QuickReport) -> list[Any]:
    """The named handlers of the kind at this school; the safety manager where a kind has none."""
    named = QuickHandler.objects.unscoped().filter(kind=report.kind, org=report.org, archived_at=None)
    people = list(User.objects.filter(pk__in=named.values("user"), is_active=True))
    return people or holders(report.org, permission=MANAGE, at_unit=True)


def _handles(report: QuickReport, user: Any) -> str | None:
    if user in handlers_of(report) or (not report.kind.confidential and may(user, MANAGE)):
        return None
    return "由指定的处理人受理"


def _sent_it(report: QuickReport, user: Any) -> str | None:
    return None if report.created_by_id == user.pk else "只有上报人能撤回"


class QuickFlow(Workflow):
    """Received, handled, and ended by a result, a hazard, a join, or as invalid with a reason."""

    code = "safety.quick"
    title = "随手报"
    model = QuickReport
    states = {
        "received": todo("待受理"),
        "handling": doing("处理中"),
        "solved": done("已处理"),
        "hazard": done("已转隐患"),
        "joined": idle("已并案"),
        "invalid": idle("无效"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "received", "solved hazard joined invalid withdrawn"
    files = "photo"

    accept = move("受理", "received", "handling", by=IN_SCHOOL, within_days=3, guard=_handles, duty=False)
    solve = move(
        "处理完毕", "received handling", "solved", by=IN_SCHOOL, needs="result", guard=_handles, duty=False
    )
    to_hazard = move("转为隐患", "received handling", "hazard", by=IN_SCHOOL, guard=_handles, duty=False)
    join = move(
        "并入已有上报",
        "received handling",
        "joined",
        by=IN_SCHOOL,
        needs="joined",
        guard=_handles,
        duty=False,
        outlined=True,
    )
    invalidate = move(
        "判为无效",
        "received handling",
        "invalid",
        by=IN_SCHOOL,
        needs="opinion",
        guard=_handles,
        duty=False,
        outlined=True,
    )
    withdraw = move("撤回", "received", "withdrawn", by=IN_SCHOOL, guard=_sent_it, duty=False, outlined=True)


def report(actor: Actor, quick: QuickReport, photos: int) -> QuickReport:
    """Send a report. Rejected without picture and description; the same uid is stored once."""
    if not photos and not quick.text.strip():
        raise Rejected({"text": "请拍一张照片，或写一句说明"})
    earlier = QuickReport.objects.unscoped().filter(uid=quick.uid, created_by=actor.user).first()
    return earlier or create(actor, quick)


def turn_into_hazard(actor: Actor, quick: QuickReport, *, reported_up: bool) -> Hazard:
    """Make the report a hazard, once, carrying pictures, place and reporter over; both link to each other."""
    hazard = Hazard(
        org=quick.org,
        title=str(quick)[:120],
        detail=quick.text,
        place=quick.place,
        category=quick.kind.category,
        source=Source.QUICK,
        source_key=f"quick:{quick.pk}",
        source_url=quick.get_absolute_url(),
        found_at=quick.taken_at or quick.created_at,
        reporter=quick.reporter_shown,
        reported_up=reported_up,
    )
    with transaction.atomic():
        perform(actor, quick, "to_hazard", also={"hazard": hazard_of(actor, hazard)})
        carry_over(actor, attachments_of(quick, "photo"), hazard, "before")
    return hazard


def hazard_of(actor: Actor, hazard: Hazard) -> Hazard:
    """Store the hazard; the one already made of the same finding where there is one."""
    earlier = Hazard.objects.unscoped().filter(~Q(source_key=None), source_key=hazard.source_key).first()
    return earlier or create(actor, hazard)


@events.on(Written)
def to_handlers(event: Written) -> None:
    """A new report goes straight to whoever handles its kind."""
    report = event.record
    if not isinstance(report, QuickReport) or event.action != "create":
        return
    due = due_in(1)
    people = handlers_of(report)
    for person in people:
        open_todo(
            report,
            "safety.quick",
            str(report),
            report.get_absolute_url(),
            verb="受理",
            user=person,
            due_at=due,
        )
    send("safety.quick.received", people, report, context={"place": report.place})


@events.on(Moved)
def to_reporter(event: Moved) -> None:
    """Every step is told to the reporter once; the last one takes the report off all desks."""
    report = event.record
    if not isinstance(report, QuickReport):
        return
    if not report.open:
        close_todos(report, event.actor.user)
    if report.created_by and event.actor.user != report.created_by:
        said = {"step": event.move.title, "said": report.result or report.opinion}
        send("safety.quick.moved", [report.created_by], report, context=said)
