"""Special checks: handed out with the group assigned before, confirmed level by level, none skipped."""

from datetime import timedelta

import pytest

from anlan.domains.safety.groups import GroupAssignment
from anlan.domains.safety.judging import judge, raise_hazard
from anlan.domains.safety.special import SpecialPart
from anlan.engines.tasks.api import todos_for
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.safety.specials import Cast, verdicts

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("SAF.11")
def test_publication_uses_the_group_assigned_before(cast: Cast) -> None:
    check = cast.check("school", "second")
    cast.assign("school")
    with pytest.raises(Rejected) as refusal:
        perform(cast.bureau, check, "publish")
    assert refusal.value.fields["schools"] == ["second还没有分配检查小组"]
    check.refresh_from_db()
    assert (check.state, SpecialPart.objects.unscoped().count()) == ("draft", 0)
    cast.assign("second")
    perform(cast.bureau, check, "publish")
    assert {part.group for part in SpecialPart.objects.unscoped()} == {cast.group}
    with pytest.raises(Rejected) as past:
        cast.check("school", title="去年的检查", finish_on=clock.today() - timedelta(days=1))
    assert "finish_on" in past.value.fields
    empty = cast.check("school", title="没有项目")
    empty.items.all().delete()
    with pytest.raises(Conflict):
        perform(cast.bureau, empty, "publish")


@pytest.mark.requirement("SAF.06", "SAF.14", "SAF.15")
def test_three_levels_confirm_in_order_and_a_return_starts_again(cast: Cast) -> None:
    cast.assign("school")
    perform(cast.bureau, cast.check("school"), "publish")
    part = cast.part()
    assert (cast.sees(cast.head), cast.sees(cast.leader), cast.sees(cast.bureau)) == (1, 0, 0)
    judge(cast.head, part, "school", verdicts(part, "pass", "fail"))
    with pytest.raises(Conflict):
        perform(cast.bureau, part, "bureau_confirm", {"bureau_summary": "越级"})
    perform(cast.head, part, "submit", {"findings": "已自查"})
    assert (cast.sees(cast.leader), cast.sees(cast.outsider), cast.sees(cast.bureau)) == (1, 0, 0)
    with pytest.raises(Conflict):
        perform(cast.leader, part, "group_confirm", {"group_summary": "未逐项"})
    judge(cast.leader, part, "group", verdicts(part, "pass", "fail"))
    with pytest.raises(Forbidden):
        judge(cast.outsider, part, "group", verdicts(part, "pass", "pass"))
    with pytest.raises(Conflict):
        perform(cast.outsider, part, "group_confirm", {"group_summary": "别组"})
    with pytest.raises(Conflict):
        perform(cast.member, part, "group_confirm", {"group_summary": "组员"})
    with pytest.raises(Rejected):
        perform(cast.leader, part, "group_confirm")
    perform(cast.leader, part, "group_confirm", {"group_summary": "属实"})
    assert cast.sees(cast.bureau) == 1
    with pytest.raises(Rejected):
        perform(cast.bureau, part, "bureau_return")
    perform(cast.bureau, part, "bureau_return", {"opinion": "照片不清"})
    assert part.state == "returned"
    judge(cast.head, part, "school", verdicts(part, "pass", "fail"))
    perform(cast.head, part, "submit", {"findings": "已补充"})
    assert part.state == "group"
    with pytest.raises(Rejected):
        perform(cast.leader, part, "group_return")
    perform(cast.leader, part, "group_return", {"opinion": "第二项不实"})
    judge(cast.head, part, "school", verdicts(part, "pass", "fail"))
    perform(cast.head, part, "submit", {"findings": "已核对"})
    perform(cast.leader, part, "group_confirm", {"group_summary": "属实"})
    judge(cast.bureau, part, "bureau", verdicts(part, "pass", "fail"))
    with pytest.raises(Forbidden):
        perform(cast.leader, part, "bureau_confirm", {"bureau_summary": "不归我"})
    with pytest.raises(Forbidden):
        judge(cast.head, part, "bureau", verdicts(part, "pass", "pass"))
    perform(cast.bureau, part, "bureau_confirm", {"bureau_summary": "同意"})
    row = part.results.get(item__number=2)
    assert (row.school_verdict, row.group_verdict, row.bureau_verdict) == ("fail", "fail", "fail")
    hazard = raise_hazard(cast.bureau, row, cast.county.category)
    row.refresh_from_db()
    assert raise_hazard(cast.bureau, row, cast.county.category) == hazard
    assert (hazard.source, hazard.source_url) == ("special", part.get_absolute_url())


def test_the_contact_alone_cannot_submit(cast: Cast) -> None:
    cast.assign("school")
    perform(cast.bureau, cast.check("school"), "publish")
    part = cast.part()
    with pytest.raises(Forbidden):
        judge(cast.contact, part, "school", verdicts(part, "pass", "pass"))
    with pytest.raises(Conflict):
        perform(cast.head, part, "submit", {"findings": "没逐项填"})
    judge(cast.head, part, "school", verdicts(part, "pass", "pass"))
    with pytest.raises(Forbidden):
        perform(cast.contact, part, "submit", {"findings": "我来交"})
    for person in (cast.head, cast.contact):
        assert [todo.title for todo in todos_for(person.user)] == ["秋季消防专项检查 · school"]
    perform(cast.head, part, "submit", {"findings": "已自查"})
    assert [todo.verb for todo in todos_for(cast.leader.user)] == ["小组确认"]
    assert [todos_for(one.user).count() for one in (cast.head, cast.contact, cast.outsider)] == [0, 0, 0]


def test_a_failed_item_needs_words(cast: Cast) -> None:
    cast.assign("school")
    perform(cast.bureau, cast.check("school"), "publish")
    part = cast.part()
    item = part.results.first().item_id
    with pytest.raises(Rejected) as refusal:
        judge(cast.head, part, "school", {item: ("fail", " ")})
    assert refusal.value.fields == {f"text-{item}": ["不合格要写明情况"]}
    assert part.results.get(item=item).school_verdict == ""


def test_withdrawing_takes_the_parts_off_desks(cast: Cast) -> None:
    cast.assign("school")
    check = perform(cast.bureau, cast.check("school"), "publish")
    perform(cast.bureau, check, "withdraw")
    assert todos_for(cast.head.user).count() == 0
    assert cast.part().state == "withdrawn"


def test_one_group_to_a_school(cast: Cast) -> None:
    cast.assign("school")
    with pytest.raises((Rejected, Conflict)):
        cast.assign("school")
    rows = GroupAssignment.objects.visible(cast.bureau.user, "safety.group_assignments.view")
    assert [(row.org.code, row.group.name) for row in rows] == [("school", "第一组")]
