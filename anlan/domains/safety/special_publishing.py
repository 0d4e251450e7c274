"""What publishing and taking back a special check does at the schools (SAF.11, SAF.13)."""

from datetime import datetime

from anlan.domains.safety.groups import GroupAssignment
from anlan.domains.safety.special import CLOSES_AT, SpecialCheck, SpecialPart
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.audit.api import Actor, archive, change, create, create_all
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.tasks.api import close_todos, open_todo
from anlan.engines.workflow.api import Moved
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

UPLOAD = declare_permission(
    "safety.special_parts.upload",
    "专项检查：上传佐证材料",
    ("school_contact", "school_safety", "school_head"),
).code
declare_event(
    "safety.special.handed_out",
    "task",
    "专项检查自查：{record}",
    "请在 {due} 前上传佐证材料，由负责人逐项填写后提交。",
    channels="sms wechat",
)
declare_event("safety.special.returned", "task", "专项检查退回：{record}", "{opinion}", channels="sms wechat")


@events.on(Moved)
def follow_check(event: Moved) -> None:
    """Publication gives every school its part with its group; taking back takes the parts off the desks."""
    check = event.record
    if isinstance(check, SpecialCheck) and event.move.name == "publish":
        _hand_out(event.actor, check)
    if isinstance(check, SpecialCheck) and event.move.name == "withdraw":
        for part in SpecialPart.objects.unscoped().filter(check_of=check, archived_at=None):
            change(event.actor, part, {"state": "withdrawn", "due_at": None}, action="withdraw")
            _put_away(event.actor, part)


@events.on(Moved)
def follow_part(event: Moved) -> None:
    """The contact's desk follows the part: there again when it is returned, empty once it is handed in."""
    part = event.record
    if not isinstance(part, SpecialPart):
        return
    if part.state == "returned":
        _to_contact(part)
        people = holders(part.org, permission=UPLOAD, at_unit=True)
        send("safety.special.returned", people, part, context={"opinion": part.opinion})
    else:
        close_todos(part, event.actor.user, (UPLOAD,))
    if part.state == "withdrawn":
        _put_away(event.actor, part)


def _put_away(actor: Actor, part: SpecialPart) -> None:
    close_todos(part, actor.user)
    for result in SpecialResult.objects.unscoped().filter(part=part, archived_at=None):
        archive(actor, result)


def _to_contact(part: SpecialPart) -> None:
    open_todo(
        part,
        UPLOAD,
        str(part),
        part.get_absolute_url(),
        verb="传材料",
        role="school_contact",
        due_at=part.due_at,
    )


def faults_of_schools(check: SpecialCheck, actor: Actor) -> list[str]:
    """Why the check cannot be sent to its schools, school by school."""
    schools = list(check.schools.all())
    found = scope(actor.user, "safety.special_checks.publish") if actor.user else None
    groups = groups_by_school(check)
    faults = [f"{school}不在您的管理范围内" for school in schools if found and not found.covers(school.path)]
    faults += [f"{school}还没有分配检查小组" for school in schools if school.pk not in groups]
    return faults if schools else ["请选择检查学校"]


def groups_by_school(check: SpecialCheck) -> dict[int, GroupAssignment]:
    """The assignment of every school of the check that has one, by the school's unit."""
    rows = GroupAssignment.objects.unscoped().filter(org__in=check.schools.all(), archived_at=None)
    return {row.org_id: row for row in rows.select_related("group__leader")}


def _hand_out(actor: Actor, check: SpecialCheck) -> None:
    if faults := faults_of_schools(check, actor):
        raise Rejected({"schools": faults})
    if check.finish_on < clock.today():
        raise Rejected({"finish_on": "完成日期不能早于今天"})
    due = datetime.combine(check.finish_on, CLOSES_AT, clock.zone())
    items, groups = list(check.items.all()), groups_by_school(check)
    results: list[SpecialResult] = []
    for school in check.schools.all():
        group = groups[school.pk].group
        part = create(actor, SpecialPart(check_of=check, org=school, group=group, due_at=due))
        results += [SpecialResult(org=school, part=part, item=item) for item in items]
        _to_contact(part)
        people = holders(school, permission=UPLOAD, at_unit=True)
        send("safety.special.handed_out", people, part, context={"due": f"{check.finish_on:%m-%d}"})
    create_all(actor, results)
