"""What a school has to do in the field: a hazard to rectify, a special check to answer."""

from datetime import timedelta

from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart
from anlan.engines.audit.api import create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.patrols import Patrol


def hazard_at(patrol: Patrol) -> Hazard:
    """A hazard the school has to rectify."""
    school, category = patrol.county.units["school"], patrol.county.category
    hazard = create(patrol.bureau, Hazard(org=school, title="灭火器失压", category=category))
    due = clock.now() + timedelta(days=9)
    said = {"grade": "general", "responsible": "何老师", "due_at": due}
    return perform(patrol.bureau, hazard, "confirm", said)  # type: ignore[return-value]


def special_part(patrol: Patrol) -> SpecialPart:
    """A published special check of two items, at the school."""
    county, school = patrol.county.units["county"], patrol.county.units["school"]
    group = create(patrol.bureau, InspectionGroup(org=county, name="第一组", leader=patrol.lin.user))
    create(patrol.bureau, GroupAssignment(org=school, group=group))
    check = create(
        patrol.bureau,
        SpecialCheck(
            org=county, title="冬季消防专项", requirements="逐项自查", responsible=patrol.bureau.user,
            finish_on=clock.today() + timedelta(days=5),
        ),
    )  # fmt: skip
    check.schools.set([school])
    for number, wording in enumerate(("疏散通道畅通", "应急灯完好"), 1):
        values = {"major": "消防", "wording": wording, "standard": "现场查看"}
        SpecialItem.objects.create(check_of=check, number=number, **values)
    perform(patrol.bureau, check, "publish")
    return SpecialPart.objects.unscoped().get()
