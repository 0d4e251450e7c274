"""Inspection from plan to hazard: who gets which task, what a submission needs, what a failed item leads to."""

from datetime import timedelta

import pytest

from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.planning import activate_plan, start_patrol
from anlan.domains.safety.raising import raise_one
from anlan.engines.audit.api import AuditEntry
from anlan.engines.forms.api import FormDefinition, publish, save_content
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import Grant
from anlan.engines.tasks.api import accept, generate_rounds, start, todos_for
from anlan.engines.tasks.api import submit as complete
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.safety.conftest import County
from tests.safety.patrols import Patrol, question, said

pytestmark = pytest.mark.django_db
VIEW = "safety.inspections.view"


@pytest.fixture
def patrol(county: County) -> Patrol:
    """The cast."""
    return Patrol(county)


def test_a_plan_makes_exactly_the_tasks_planned(patrol: Patrol) -> None:
    plan = patrol.plan([patrol.lin, patrol.fang], ["school", "second"], everybody=True)
    activate_plan(patrol.bureau, plan)
    tasks = InspectionTask.objects.unscoped()
    assert tasks.count() == 4
    assert Message.objects.filter(event="tasks.assigned", addressee=patrol.lin.user).count() == 1
    assert generate_rounds(plan) == []
    assert tasks.count() == 4
    assert {task.form_version.number for task in tasks} == {1}


def test_a_school_is_checked_once_when_the_work_is_shared(patrol: Patrol) -> None:
    activate_plan(patrol.bureau, patrol.plan([patrol.lin, patrol.fang], ["school", "second"]))
    pairs = {(task.org.code, task.assignee.name) for task in InspectionTask.objects.unscoped()}
    assert len(pairs) == 2
    assert {name for _, name in pairs} == {"lin", "fang"}


def test_a_plan_that_lacks_something_is_refused_at_the_field(patrol: Patrol) -> None:
    with pytest.raises(Rejected) as refusal:
        activate_plan(patrol.bureau, patrol.plan([], []))
    assert set(refusal.value.fields) == {"schools", "inspectors"}
    with pytest.raises(Rejected) as foreign:
        activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["foreign"]))
    assert foreign.value.fields["schools"] == ["foreign不在您的管理范围内"]
    with pytest.raises(Rejected) as reversed_period:
        patrol.plan([patrol.lin], ["school"], ends_on=clock.today() - timedelta(days=1))
    assert "ends_on" in reversed_period.value.fields
    assert InspectionTask.objects.unscoped().count() == 0


def test_a_person_whose_role_is_not_in_the_mode_cannot_be_assigned(patrol: Patrol) -> None:
    patrol.mode = patrol.make_mode(title="专家检查", roles=["bureau_leader"])
    with pytest.raises(Rejected) as refusal:
        activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["school"]))
    assert refusal.value.fields == {"inspectors": ["lin没有这种巡查模式要求的角色"]}


def test_an_inspector_sees_only_own_tasks_and_a_form_s_audience_decides(patrol: Patrol) -> None:
    task = patrol.task()
    assert InspectionTask.objects.visible(patrol.lin.user, VIEW).get() == task
    assert not InspectionTask.objects.visible(patrol.fang.user, VIEW).exists()
    assert InspectionTask.objects.visible(patrol.bureau.user, VIEW).exists()
    FormDefinition.unguarded.filter(pk=patrol.form.pk).update(audience=["inspector"])
    assert not InspectionTask.objects.visible(patrol.bureau.user, VIEW).exists()
    assert InspectionTask.objects.visible(patrol.lin.user, VIEW).exists()


def test_a_task_already_issued_keeps_its_version(patrol: Patrol) -> None:
    task = patrol.task()
    content = {"sections": [{"title": "消防", "questions": [question("q1", "灭火器压力")]}]}
    save_content(patrol.bureau, patrol.form, content)
    publish(patrol.bureau, patrol.form)
    patrol.form.refresh_from_db()
    activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["second"], title="二季度巡查"))
    fresh = InspectionTask.objects.unscoped().get(org=patrol.county.units["second"])
    task.refresh_from_db()
    texts = [[one.text for one in item.form_version.form().questions()] for item in (task, fresh)]
    assert texts == [["灭火器", "通道"], ["灭火器压力"]]


def test_two_failed_items_become_two_hazards_and_one_notice(patrol: Patrol) -> None:
    task = patrol.task()
    response = open_sheet(patrol.lin, task)
    hand_in(patrol.lin, response, said(q1="fail", q2="fail"))
    task.refresh_from_db()
    hazards = [finding.hazard for finding in findings_of(task)]
    assert task.state == "completed"
    assert [hazard.source_url for hazard in hazards] == [task.get_absolute_url()] * 2
    assert [hazard.category for hazard in hazards] == [patrol.county.category] * 2
    assert Message.objects.filter(event="safety.inspection.found", addressee=patrol.school.user).count() == 1
    with pytest.raises(Conflict):
        hand_in(patrol.lin, response, said(q1="fail", q2="fail"))
    assert Hazard.objects.unscoped().count() == 2
    Hazard.unguarded.update(state="closed", archived_at=clock.now())
    assert {finding.stand for finding in findings_of(task)} == {("done", "已销号，已归档")}


def test_only_the_decision_raises_where_the_mode_says_so(patrol: Patrol) -> None:
    patrol.mode = patrol.make_mode(title="抽查", raises_hazards=False, source="spot")
    task = patrol.task()
    hand_in(patrol.lin, open_sheet(patrol.lin, task), said(q1="pass", q2="fail"))
    assert Hazard.objects.unscoped().count() == 0
    [finding] = findings_of(task)
    hazard = raise_one(patrol.lin, finding)
    assert raise_one(patrol.lin, finding) == hazard
    assert (finding.question, hazard.source, hazard.title) == ("q2", "spot", "缺水枪")


def test_a_member_without_the_hazard_right_raises_none(patrol: Patrol) -> None:
    Grant.objects.filter(user=patrol.lin.user, role__code="hazard_raiser").delete()
    task = patrol.task()
    patrol.lin.user.__dict__.pop("_rights", None)
    hand_in(patrol.lin, open_sheet(patrol.lin, task), said(q1="fail", q2="pass"))
    task.assignee.__dict__.pop("_rights", None)
    assert Hazard.objects.unscoped().count() == 0
    with pytest.raises(Forbidden):
        raise_one(patrol.lin, findings_of(task)[0])


def test_a_mode_that_wants_evidence_refuses_without_it(patrol: Patrol) -> None:
    patrol.mode = patrol.make_mode(title="严格巡查", photos=1, needs_location=True, needs_signature=True)
    task = patrol.task()
    response = open_sheet(patrol.lin, task)
    with pytest.raises(Rejected) as refusal:
        hand_in(patrol.lin, response, said(q1="pass", q2="pass"))
    assert set(refusal.value.fields) == {"photos", "location", "signature"}
    response.refresh_from_db()
    task.refresh_from_db()
    assert (response.state, task.state) == ("draft", "doing")


def test_illegal_jumps_are_refused_and_audited(patrol: Patrol) -> None:
    task = patrol.task()
    with pytest.raises(Conflict):
        complete(patrol.lin, task)
    with pytest.raises(Forbidden):
        accept(patrol.fang, task)
    accept(patrol.lin, task)
    start(patrol.lin, task)
    with pytest.raises(Conflict):
        accept(patrol.lin, task)
    assert AuditEntry.objects.filter(action__startswith="refused:", succeeded=False).count() == 3


def test_a_late_submission_is_marked(patrol: Patrol) -> None:
    task = patrol.task()
    with clock.moved(task.due_at + timedelta(minutes=1)):
        assert task.overdue
        hand_in(patrol.lin, open_sheet(patrol.lin, task), said(q1="pass", q2="pass"))
        task.refresh_from_db()
        assert (task.state, task.late) == ("completed", True)
        assert todos_for(patrol.lin.user).count() == 0


def test_a_school_patrols_itself(patrol: Patrol) -> None:
    task = start_patrol(patrol.school, patrol.county.units["school"], patrol.mode, patrol.form)
    hand_in(patrol.school, open_sheet(patrol.school, task), said(q1="pass", q2="fail"))
    hazard = Hazard.objects.unscoped().get()
    assert (hazard.org.code, hazard.reported_up) == ("school", False)
    other = patrol.county.actor("wu", "school_safety", "second")
    assert not InspectionTask.objects.visible(other.user, VIEW).exists()
