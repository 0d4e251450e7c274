"""The cast of a special check: a bureau, a group with leader and member, a school's head and contact."""

from datetime import timedelta
from typing import Any

from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from anlan.domains.safety.judging import judge
from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.audit.api import create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock

VIEW = "safety.special_parts.view"


class Cast:
    """The people of a special check, and the check."""

    def __init__(self, county: Any) -> None:
        self.county = county
        self.bureau = county.actor("zhou", "bureau_safety", "county")
        self.leader = county.actor("lin", "inspector", "other_town")
        self.member = county.actor("gao", "inspector", "other_town")
        self.outsider = county.actor("fang", "inspector", "county")
        self.head = county.actor("chen", "school_head", "school")
        self.contact = county.actor("he", "school_contact", "school")
        self.group = create(
            self.bureau,
            InspectionGroup(org=county.units["county"], name="第一组", leader=self.leader.user),
        )
        self.group.members.set([self.member.user])

    def assign(self, *schools: str, group: Any = None) -> None:
        """Give each school the group."""
        for school in schools:
            unit = self.county.units[school]
            create(self.bureau, GroupAssignment(org=unit, group=group or self.group))

    def check(self, *schools: str, **values: Any) -> SpecialCheck:
        """A draft with two items."""
        said = {
            "org": self.county.units["county"],
            "title": "秋季消防专项检查",
            "requirements": "逐项自查",
            "finish_on": clock.today() + timedelta(days=10),
            "responsible": self.bureau.user,
        }
        check = create(self.bureau, SpecialCheck(**said | values))
        check.schools.set([self.county.units[school] for school in schools])
        for number, wording in enumerate(("灭火器压力正常", "疏散通道畅通"), 1):
            SpecialItem.objects.create(
                check_of=check, number=number, major="消防", wording=wording, standard="符合规定", score=5
            )
        return check

    def published(self, *schools: str, **values: Any) -> SpecialCheck:
        """The same, handed out."""
        check: Any = perform(self.bureau, self.check(*schools, **values), "publish")
        return check

    def part(self, school: str = "school", check: Any = None) -> SpecialPart:
        """That school's part, read anew."""
        rows = SpecialPart.objects.unscoped().filter(org=self.county.units[school])
        found: SpecialPart = (rows.filter(check_of=check) if check else rows).get()
        return found

    def sees(self, actor: Any) -> int:
        """How many parts the person can open."""
        return int(SpecialPart.objects.visible(actor.user, VIEW).count())

    def to_bureau(self, part: SpecialPart, *said: str) -> SpecialPart:
        """Filled in by the school and confirmed by the group with these verdicts."""
        judge(self.head, part, "school", verdicts(part, *said))
        perform(self.head, part, "submit", {"findings": "已自查"})
        judge(self.leader, part, "group", verdicts(part, *said))
        perform(self.leader, part, "group_confirm", {"group_summary": "属实"})
        return part


def verdicts(part: SpecialPart, *said: str) -> dict[int, tuple[str, str]]:
    """One verdict per item."""
    items = SpecialResult.objects.unscoped().filter(part=part).values_list("item", flat=True)
    return {
        item: (verdict, "说明" if verdict == "fail" else "")
        for item, verdict in zip(items, said, strict=True)
    }
