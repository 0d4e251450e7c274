"""What becomes of a quick report: taken, handled, turned into a hazard, joined, or invalid (S02.2-S02.4)."""

from typing import Any

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.quick import QuickHandler, QuickReport, QuickSetting
from anlan.engines.audit.api import Written
from anlan.engines.identity.api import User
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import declare_permission, may
from anlan.engines.tasks.api import close_todos, due_in, open_todo
from anlan.engines.workflow.api import Moved, Workflow, doing, done, idle, move, todo
from anlan.kernel import events

TURN, HAND = "safety.quick.to_hazard", "safety.quick.hand_on"
IN_SCHOOL = "school_safety school_head staff guard canteen_manager dorm_keeper"
WATCH = "safety.quick"
MANAGE = declare_permission(
    "safety.quick.manage", "随手报：未指定处理人时受理", ("school_safety", "school_head")
).code
declare_event(
    "safety.quick.received", "hazard", "随手报：{what}", "{place}请尽快受理。", channels="sms wechat"
)
declare_event("safety.quick.moved", "hazard", "{step}：{record}", "您上报的情况：{step}。{said}")


def handlers_of(report: QuickReport) -> list[Any]:
    """Who is in charge of the place and who is named for the kind; the safety manager where there is neither."""
    keeper = report.grid.in_charge if report.grid and not report.kind.confidential else None
    people = dict.fromkeys([*([keeper] if keeper else []), *named_handlers(report)])
    return list(people) or holders(report.org, permission=MANAGE, at_unit=True)


def named_handlers(report: QuickReport) -> list[Any]:
    """The people named for this kind at this school."""
    named = QuickHandler.objects.unscoped().filter(kind=report.kind, org=report.org, archived_at=None)
    return list(User.objects.filter(pk__in=named.values("user"), is_active=True))


def handles(report: QuickReport, user: Any) -> str | None:
    """Why this person does not handle the report, or None."""
    if user in handlers_of(report) or (not report.kind.confidential and may(user, MANAGE)):
        return None
    return "由指定的处理人受理"


def _by_act(report: QuickReport, user: Any) -> str | None:
    return None if report.turning else "请在页面上方办理"


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
        "handed": done("已转办"),
        "joined": idle("已并案"),
        "invalid": idle("无效"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "received", "solved hazard handed joined invalid withdrawn"
    files = "photo"

    accept = move("受理", "received", "handling", by=IN_SCHOOL, within_days=3, guard=handles, duty=False)
    solve = move(
        "处理完毕", "received handling", "solved", by=IN_SCHOOL, needs="result", guard=handles, duty=False
    )
    to_hazard = move("转为隐患", "received handling", "hazard", by=IN_SCHOOL, guard=_by_act, duty=False)
    hand_on = move("转办", "received handling", "handed", by=IN_SCHOOL, guard=_by_act, duty=False)
    join = move(
        "并入已有上报",
        "received handling",
        "joined",
        by=IN_SCHOOL,
        needs="joined",
        guard=handles,
        duty=False,
        outlined=True,
    )
    invalidate = move(
        "判为无效",
        "received handling",
        "invalid",
        by=IN_SCHOOL,
        needs="opinion",
        guard=handles,
        duty=False,
        outlined=True,
    )
    withdraw = move("撤回", "received", "withdrawn", by=IN_SCHOOL, guard=_sent_it, duty=False, outlined=True)


@events.on(Written)
def to_handlers(event: Written) -> None:
    """A new report goes straight to whoever handles its kind."""
    if isinstance(event.record, QuickReport) and event.action == "create":
        _show_to_handlers(event.record)


def _show_to_handlers(report: QuickReport) -> None:
    """A confidential kind nobody was named for tells the safety manager to name somebody, and no more."""
    people = handlers_of(report)
    blind = report.kind.confidential and not named_handlers(report)
    url = "/safety/quick-handlers/new" if blind else report.get_absolute_url()
    title = f"有一条{report.kind}上报，请指定处理人" if blind else report.subject
    due = due_in(QuickSetting.of(report.org).limit_days)
    for person in people:
        open_todo(report, WATCH, title, url, verb="指定" if blind else "受理", user=person, due_at=due)
    place = "" if report.kind.confidential else f"{report.place}，"
    send("safety.quick.received", people, report, url=url, context={"place": place, "what": title})


@events.on(Written)
def to_new_handler(event: Written) -> None:
    """A handler named later finds the open reports of the kind."""
    named = event.record
    if not isinstance(named, QuickHandler) or event.action != "create":
        return
    open_ = QuickReport.objects.unscoped().filter(kind=named.kind, org=named.org, state="received")
    for report in open_.select_related("kind", "org"):
        close_todos(report, event.actor.user, (WATCH,))
        _show_to_handlers(report)


@events.on(Moved)
def to_taker(event: Moved) -> None:
    """Taken, it stays on the desk of whoever took it; ended, it leaves all desks."""
    report = event.record
    if not isinstance(report, QuickReport):
        return
    close_todos(report, event.actor.user, (WATCH,))
    if report.open and event.actor.user is not None:
        url, taker = report.get_absolute_url(), event.actor.user
        open_todo(report, WATCH, report.subject, url, verb="处理", user=taker, due_at=report.due_at)


@events.on(Moved)
def to_reporter(event: Moved) -> None:
    """Every step is told to the reporter once, and the end of the hazard made of it too."""
    report: Any = event.record
    said = ""
    if isinstance(report, Hazard) and not report.open:
        report, said = QuickReport.objects.unscoped().filter(hazard=report).first(), "隐患已办结"
    if not isinstance(report, QuickReport):
        return
    if report.created_by and event.actor.user != report.created_by:
        words = {
            "step": event.move.title,
            "said": said or report.result or report.opinion,
            "record": report.subject,
        }
        send("safety.quick.moved", [report.created_by], report, context=words)
