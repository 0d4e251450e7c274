"""Verbs of inspection plans: activate with every fault named, start a school's own patrol (D01.5, SAF.05)."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from anlan.domains.safety.inspection import ISSUE, InspectionPlan, InspectionRound, InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.forms.api import FormDefinition
from anlan.engines.messaging.api import declare_event, nearest_holders, send
from anlan.engines.org.api import Grant, OrgUnit, Scope, declare_permission, require
from anlan.engines.tasks.api import accept, activate, start
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

PATROL = declare_permission(
    "safety.patrols.start", "巡查：在本校开始一次巡查", ("school_safety", "school_head")
).code
declare_event(
    "safety.plan.unmanned", "task", "有学校没有人检查：{record}", "{names}。请增加巡查员，或调整关联学校。"
)


def activate_plan(actor: Actor, plan: InspectionPlan) -> InspectionPlan:
    """Put a draft to work: the rounds due so far are made, each inspector is told once.

    Rejected by field for what is missing or outside the scope, Conflict when it was activated already.
    """
    found = require(actor.user, ISSUE)
    if not found.covers(plan.org.path):
        raise Forbidden(ISSUE)
    if plan.state != InspectionPlan.State.DRAFT:
        raise Conflict("计划已经下发")
    if faults := plan_faults(plan, found):
        raise Rejected(faults)
    activate(actor, plan)
    return plan


def plan_faults(plan: InspectionPlan, found: Scope) -> dict[str, list[str]]:
    """What keeps the plan from being activated, by field."""
    faults = {
        "schools": _school_faults(list(plan.schools.all()), found),
        "inspectors": _people_faults(list(plan.inspectors.all()), plan.mode) or _unfit(plan),
        "mode": ["这种巡查模式已停用"] if plan.mode.disabled else [],
        "form": _form_faults(plan),
    }
    return {name: said for name, said in faults.items() if said}


def _school_faults(schools: list[OrgUnit], found: Scope) -> list[str]:
    if not schools:
        return ["请选择学校"]
    return [f"{unit.name}不在您的管理范围内" for unit in schools if not found.covers(unit.path)]


def _people_faults(people: list[Any], mode: InspectionMode) -> list[str]:
    if not people:
        return ["请选择巡查员"]
    wanted = set(mode.roles)
    rows = Grant.in_force().filter(user__in=people).values_list("user", "role__code")
    fit = {user for user, role in rows if not wanted or role in wanted}
    return [f"{person.name}没有这种巡查模式要求的角色" for person in people if person.pk not in fit]


def _unfit(plan: InspectionPlan) -> list[str]:
    return [f"没有人可以去检查{unit.name}：巡查员只能检查关联的学校" for unit in plan.unmanned()]


def _form_faults(plan: InspectionPlan) -> list[str]:
    if plan.form.version_in_use is None:
        return ["请选择在用的检查表"]
    allowed = plan.mode.forms.all()
    return ["这种巡查模式不能用这张检查表"] if allowed and plan.form not in allowed else []


@transaction.atomic
def start_patrol(
    actor: Actor, school: OrgUnit, mode: InspectionMode, form: FormDefinition, day: date | None = None
) -> InspectionTask:
    """A school's own daily patrol: a plan of one day for the person at once begun. Rejected for a day to come."""
    today = clock.today()
    on = day or today
    if on > today:
        raise Rejected({"day": "巡查日期不能晚于今天"})
    plan = create(
        actor,
        InspectionPlan(
            org=school,
            title=f"{mode.title} {on:%m-%d}",
            mode=mode,
            form=form,
            starts_on=on,
            ends_on=today + timedelta(days=1),
            deadline_days=(today - on).days + 1,
        ),
    )
    plan.inspectors.set([actor.user])
    plan.schools.set([school])
    activate_plan(actor, plan)
    task: InspectionTask = InspectionTask.objects.unscoped().get(round__plan=plan)
    accept(actor, task)
    start(actor, task)
    return task


@events.on(Written)
def tell_of_unmanned(event: Written) -> None:
    """When a later round opens and nobody may check a school any more, whoever answers for the plan is told."""
    round_ = event.record
    if not isinstance(round_, InspectionRound) or event.action != "task:open_round" or round_.number == 1:
        return
    if units := round_.plan.unmanned():
        maker = round_.plan.created_by
        people = [maker] if maker and maker.is_active else nearest_holders(round_.plan.org, ISSUE)
        names = "、".join(unit.name for unit in units)
        send(
            "safety.plan.unmanned", people, round_.plan, key=f"unmanned:{round_.pk}", context={"names": names}
        )
