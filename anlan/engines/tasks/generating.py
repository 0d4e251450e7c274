"""Making rounds and assignments of a plan: as many as planned, however often it is run."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction

from anlan.engines.audit.api import SYSTEM, Actor, change, create, create_all
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.tasks.assignments import OPEN, Assignment
from anlan.engines.tasks.plans import Plan, Round
from anlan.engines.tasks.recurrence import Opening
from anlan.engines.tasks.stepping import cancel_assignment, must_issue_plan, show_on_desks
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

declare_event(
    "tasks.assigned", "task", "新任务：{record}", "共 {count} 项，{due}前完成。", channels="sms wechat"
)


def activate(actor: Actor, plan: Plan) -> list[Round]:
    """Put a draft into force and make its first rounds. Rejected for no audience or a past deadline."""
    if not plan.audience():
        raise Rejected({"": "还没有选定承担任务的单位或人员"})
    first = next(iter(plan.rhythm().openings()), None)
    if first is None:
        raise Rejected({"": "这段时间里没有可以开始的日子"})
    if plan.due_at(first.day) <= clock.now():
        raise Rejected({"deadline_days": "截止时间已经过去"})
    with transaction.atomic():
        change(actor, plan, {"state": Plan.State.ACTIVE}, action="task:activate")
        return generate_rounds(plan, actor=actor)


def generate_rounds(plan: Plan, until: date | None = None, actor: Actor = SYSTEM) -> list[Round]:
    """Make the rounds that open up to ``until`` (today by default) and are not there yet; returns them."""
    if plan.state != Plan.State.ACTIVE:
        return []
    rounds = plan.rounds  # type: ignore[attr-defined]
    known = set(rounds.model.unguarded.filter(plan=plan).values_list("number", flat=True))
    wanted = plan.rhythm().openings(until or clock.today())
    made = [_make(actor, plan, opening) for opening in wanted if opening.number not in known]
    return [round_ for round_ in made if round_ is not None]


def _make(actor: Actor, plan: Plan, opening: Opening) -> Round | None:
    """One round with its assignments, to-dos and messages; None when somebody else has just made it."""
    model = plan.rounds.model  # type: ignore[attr-defined]
    due_at = plan.due_at(opening.day)
    fresh = model(org=plan.org, plan=plan, number=opening.number, opens_on=opening.day, due_at=due_at)
    try:
        with transaction.atomic():
            create(actor, fresh, action="task:open_round")
            assign(actor, fresh, plan.audience())
    except (Conflict, IntegrityError, Rejected):
        if model.unguarded.filter(plan=plan, number=opening.number).exists():
            return None
        raise
    return fresh  # type: ignore[no-any-return]


def assign(actor: Actor, round_: Any, audience: Any) -> list[Assignment]:
    """Give the round to those addressed, each once; those who have it already get no second."""
    model = round_.assignments.model
    taken = set(model.unguarded.filter(round=round_).values_list("org", "assignee"))
    wanted = {(item.unit.pk, item.user.pk if item.user else None): item for item in audience}
    fresh = [round_.plan.assignment(round_, item) for place, item in wanted.items() if place not in taken]
    made = create_all(actor, fresh, action="task:assign")
    for assignment in made:
        show_on_desks(assignment)
    _tell(round_, made)
    return made


def _tell(round_: Any, made: list[Assignment]) -> None:
    """One message per person and round, however many schools."""
    counts: Counter[int] = Counter()
    people: dict[int, Any] = {}
    first: dict[int, Assignment] = {}
    for assignment in made:
        for user in assignment.doers():
            counts[user.pk] += 1
            people[user.pk] = user
            first.setdefault(user.pk, assignment)
    due = round_.due_at.astimezone(clock.zone()).strftime("%m-%d %H:%M")
    for pk, user in people.items():
        key = f"assigned:{round_._meta.label_lower}:{round_.pk}"
        context = {"count": counts[pk], "due": due}
        send("tasks.assigned", [user], first[pk], key=key, org=first[pk].org, context=context)


def cancel_plan(actor: Actor, plan: Plan, reason: str) -> int:
    """Take the plan back with all its open assignments; returns how many those were."""
    must_issue_plan(actor, plan, "cancel")
    if not reason.strip():
        raise Rejected({"reason": "请写明取消原因"})
    model = plan.rounds.model.assignments.rel.related_model  # type: ignore[attr-defined]
    with transaction.atomic():
        change(actor, plan, {"state": Plan.State.CANCELLED}, action="task:cancel_plan")
        open_ones = list(model.unguarded.filter(round__plan=plan, state__in=OPEN, archived_at=None))
        for assignment in open_ones:
            cancel_assignment(actor, assignment, reason.strip())
    return len(open_ones)


def run_plans() -> int:
    """Make the rounds due by now of every active plan, and end plans whose time is over."""
    made = 0
    for model in (model for model in apps.get_models() if issubclass(model, Plan)):
        for plan in model.unguarded.filter(state=Plan.State.ACTIVE, archived_at=None).select_related("org"):
            made += len(generate_rounds(plan))
            if plan.ends_on < clock.today() - timedelta(days=1):
                change(SYSTEM, plan, {"state": Plan.State.ENDED}, action="task:end_plan")
    return made
