"""A roster goes out at school, then to the bureau; nothing faulty goes out, those on duty are told (S04.2)."""

from datetime import timedelta
from typing import Any

from anlan.domains.duty.drawing_up import refuse_if_faulty, turns_of
from anlan.domains.duty.periods import Period
from anlan.domains.duty.rosters import DRAFT, OUT, PUBLISHED, REPORTED, Roster, Turn
from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import declare_event, declare_kind, holders_at, send, urge
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.engines.workflow.api import Moved, Workflow, doing, done, move, todo
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict
from anlan.shell.deadlines import local

SCHOOL = "school_safety school_head"
MINE = "/duty/turns/?mine=1&coming=1"

declare_kind("duty", "值班")
declare_event(
    "duty.published", "duty", "您有值班安排：{record}", "{school}发布了{record}，您有 {count} 班，第一班 {first}。",
    channels="sms wechat",
)  # fmt: skip
declare_event(
    "duty.tomorrow", "duty", "明天值班：{shift}", "{school}{shift}，{begins} 开始，请按时签到。",
    channels="sms wechat",
)  # fmt: skip
declare_event("duty.returned", "duty", "值班表被退回：{record}", "{opinion}", channels="wechat")


def _deadline(roster: Roster, actor: Actor) -> dict[str, Any]:
    return {"due_at": roster.report_by, "reported_at": None}


def _reported(roster: Roster, actor: Actor) -> dict[str, Any]:
    return {"reported_at": clock.now()}


class RosterFlow(Workflow):
    """Drawn up, published at school, reported to the bureau; taken back to be changed, or returned."""

    code = "duty.rosters"
    title = "值班表"
    model = Roster
    states = {DRAFT: todo("排班中"), PUBLISHED: doing("已发布"), REPORTED: done("已上报")}
    initial, final = DRAFT, REPORTED

    publish = move("发布", DRAFT, PUBLISHED, by=SCHOOL)
    report = move("上报", PUBLISHED, REPORTED, by=SCHOOL, effect=_reported)
    reopen = move(
        "撤回修改", "published reported", DRAFT, by=SCHOOL, duty=False, outlined=True, effect=_deadline
    )
    send_back = move(
        "退回",
        REPORTED,
        DRAFT,
        by="bureau_safety",
        needs="opinion",
        duty=False,
        outlined=True,
        effect=_deadline,
    )


@events.on(Moved)
def follow_roster(event: Moved) -> None:
    """Nothing faulty goes out; whoever stands in a roster that went out is told, and the school of one returned."""
    roster = event.record
    if not isinstance(roster, Roster):
        return
    if event.move.target in OUT:
        refuse_if_faulty(roster)
    if event.move.name == "publish":
        tell(roster)
    if event.move.name == "send_back":
        keepers = holders_at([roster.org], "duty.rosters.publish")
        send("duty.returned", keepers, roster, context={"opinion": roster.opinion})


def tell(roster: Roster) -> None:
    """Each person on duty, with the own first shift and how many there are."""
    theirs: dict[int, list[Turn]] = {}
    for turn in turns_of(roster):
        if turn.account_id:
            theirs.setdefault(turn.account_id, []).append(turn)
    for turns in theirs.values():
        said = {"school": str(roster.org), "count": len(turns), "first": str(turns[0].watch)}
        send("duty.published", [turns[0].person.account], roster, url=MINE, context=said)


def urge_unreported(actor: Actor, period: Period) -> int:
    """Remind the schools below that have not reported; Conflict where all have, or urged just now."""
    late = Roster.objects.unscoped().filter(period=period, archived_at=None).exclude(state=REPORTED)
    units = [roster.org for roster in late.select_related("org")]
    people = holders_at(units, "duty.rosters.report")
    if not people:
        raise Conflict("都已上报，不用催报" if not units else "未上报的学校还没有可以催办的人")
    urge(actor, period, people, note="请尽快上报值班表。", url="/duty/rosters/?unreported=1")
    return len(units)


def remind_of_tomorrow() -> int:
    """Tell everybody whose shift begins tomorrow, once per person and shift; how many are new."""
    day = clock.today() + timedelta(days=1)
    turns = Turn.objects.unscoped().filter(watch__day=day, archived_at=None, roster__state__in=OUT)
    turns = turns.filter(account__isnull=False).select_related("watch__place", "account", "org")
    return sum(_remind(turn) for turn in turns)


def _remind(turn: Turn) -> int:
    said = {
        "school": str(turn.org),
        "shift": str(turn.watch),
        "begins": f"{local(turn.begins_at):%m月%d日 %H:%M}",
    }
    key = f"duty.tomorrow:{turn.pk}:{turn.account_id}:{turn.begins_at:%Y%m%d%H%M}"
    return send("duty.tomorrow", [turn.account], turn, url=MINE, key=key, context=said)


@background("值班前一天提醒")
def remind_daily(job: Job) -> dict[str, Any]:
    """The round of the afternoon."""
    return {"told": remind_of_tomorrow()}


declare_periodic("duty.tomorrow", "0 17 * * *", remind_daily)
