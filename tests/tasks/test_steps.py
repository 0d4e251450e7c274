"""A task's way: accepted, started, submitted, returned; nothing out of turn, nothing twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks import stepping
from anlan.engines.tasks.api import (
    Report,
    accept,
    cancel_assignment,
    cancel_plan,
    not_as_required,
    return_,
    start,
    submit,
    todos_for,
    traces,
    urge_assignment,
)
from anlan.engines.tasks.models import SchoolTask
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.tasks.conftest import MONDAY, at


def me(user) -> Actor:
    return Actor.person(user, "web")


def under_way(task: SchoolTask, user) -> SchoolTask:
    accept(me(user), task)
    return start(me(user), task)


def test_the_states_run_and_each_change_keeps_time_and_person(office):
    task, anna = office.own(), me(office.anna)
    assert (task.state_title, task.accepted_at) == ("待完成", None)
    with clock.moved(at(MONDAY, 10)):
        accept(anna, task)
    assert (task.state_title, task.accepted_by, task.accepted_at) == ("待完成", office.anna, at(MONDAY, 10))
    with clock.moved(at(MONDAY, 11)):
        start(anna, task)
    assert (task.state_title, task.started_at) == ("执行中", at(MONDAY, 11))
    with clock.moved(at(MONDAY, 12)):
        submit(anna, task, {"text": "都好"})
    assert (task.state_title, task.submitted_by, task.late) == ("已完成", office.anna, False)
    acts = AuditEntry.objects.filter(object_id=str(task.pk), model="tasks.schooltask").order_by("pk")
    assert [(e.action, e.actor) for e in acts if e.action != "task:assign"] == [
        ("task:accept", "安老师"),
        ("task:start", "安老师"),
        ("task:submit", "安老师"),
    ]


def test_illegal_jumps_are_refused_and_audited(office):
    task, anna = office.own(), me(office.anna)
    with pytest.raises(Conflict):
        submit(anna, task)
    with pytest.raises(Conflict):
        start(anna, task)
    under_way(task, office.anna)
    for wrong in (accept, start):
        with pytest.raises(Conflict):
            wrong(anna, task)
    submit(anna, task)
    for wrong in (accept, start, submit):
        with pytest.raises(Conflict):
            wrong(anna, task)
    task.refresh_from_db()
    assert task.state == "completed"
    refused = AuditEntry.objects.filter(action__startswith="refused:", succeeded=False)
    assert [entry.action for entry in refused.order_by("pk")] == [
        "refused:submit", "refused:start", "refused:accept", "refused:start",
        "refused:accept", "refused:start", "refused:submit",
    ]  # fmt: skip
    assert traces(Report, task).count() == 1


def test_only_the_person_in_charge_may_do_it_and_only_the_issuer_may_return_it(office):
    task = office.own()
    for stranger in (office.ben, office.safety, office.clerk, office.other_head):
        with pytest.raises(Forbidden):
            accept(me(stranger), task)
    under_way(task, office.anna)
    submit(me(office.anna), task)
    for stranger in (office.anna, office.clerk, office.other_head):
        with pytest.raises(Forbidden):
            return_(me(stranger), task, "不全")
    return_(me(office.head), task, "不全")
    assert task.returned


def test_a_unit_without_a_named_person_is_served_by_any_of_those_on_duty(office):
    office.give(office.clerk, (office.first,))
    task = office.latest()
    assert {str(u) for u in task.doers()} == {"陈校长", "林主任"}
    accept(me(office.safety), task)
    start(me(office.head), task)
    with pytest.raises(Forbidden):
        submit(me(office.other_head), task)
    assert submit(me(office.safety), task).number == 1


def test_a_late_submission_is_taken_marked_and_counted(office):
    late, punctual = office.own(), office.own()
    for task in (late, punctual):
        under_way(task, office.anna)
    with clock.moved(at(MONDAY, 17)):
        submit(me(office.anna), punctual)
    with clock.moved(at(MONDAY, 17, 1)):
        assert late.overdue
        submit(me(office.anna), late)
        assert not late.overdue
    assert (punctual.late, late.late, late.days_late) == (False, True, 1)
    assert list(SchoolTask.unguarded.filter(not_as_required())) == [late]


def test_missing_evidence_is_refused_and_nothing_is_stored(office):
    task = office.own(evidence=["text", "place", "signature"], checklist=["灭火器", "疏散通道"])
    under_way(task, office.anna)
    with pytest.raises(Rejected) as refused:
        submit(me(office.anna), task, {"text": "好", "checklist": {"灭火器": "正常"}})
    assert set(refused.value.fields) == {"place", "signature", "checklist"}
    assert "疏散通道" in refused.value.fields["checklist"][0]
    task.refresh_from_db()
    assert (task.state, traces(Report, task).count()) == ("doing", 0)
    answers = {"灭火器": "正常", "疏散通道": "异常"}
    submit(me(office.anna), task, {"text": "好", "place": "操场", "signature": "安", "checklist": answers})
    assert task.state == "completed"


def test_photos_are_required_where_asked(office):
    task = office.own(evidence=["photos"])
    under_way(task, office.anna)
    with pytest.raises(Rejected) as refused:
        submit(me(office.anna), task)
    assert "photos" in refused.value.fields


def test_a_returned_task_is_under_way_again_and_keeps_its_first_report(office):
    task = office.own()
    under_way(task, office.anna)
    submit(me(office.anna), task, {"text": "第一次"})
    with pytest.raises(Rejected):
        return_(me(office.head), task, "  ")
    return_(me(office.head), task, "照片不清楚")
    assert (task.state_title, task.returned, task.returns) == ("执行中", True, 1)
    assert [todo.verb for todo in todos_for(office.anna)] == ["提交"]
    submit(me(office.anna), task, {"text": "第二次"})
    assert [report.values["text"] for report in traces(Report, task)] == ["第一次", "第二次"]
    assert not task.returned


def test_the_todo_follows_the_task_and_goes_with_any_end(office):
    task = office.own()
    seen = lambda: [todo.verb for todo in todos_for(office.anna)]  # noqa: E731
    assert seen() == ["接收"]
    accept(me(office.anna), task)
    assert seen() == ["开始"]
    start(me(office.anna), task)
    assert seen() == ["提交"]
    submit(me(office.anna), task)
    assert seen() == []
    other = office.own()
    assert seen() == ["接收"]
    cancel_assignment(me(office.head), other, "不用了")
    assert seen() == []


def test_cancelling_a_plan_takes_its_open_tasks_back(office):
    plan = office.give(office.clerk, (office.first, office.second))
    done = SchoolTask.unguarded.get(org=office.second)
    under_way(done, office.other_head)
    submit(me(office.other_head), done)
    with pytest.raises(Forbidden):
        cancel_plan(me(office.head), plan, "改期")
    assert cancel_plan(me(office.clerk), plan, "改期") == 1
    assert not todos_for(office.head).exists()
    assert sorted(SchoolTask.unguarded.values_list("state", flat=True)) == ["cancelled", "completed"]


def test_urging_an_ended_task_is_refused(office):
    task = office.own()
    urge_assignment(me(office.head), task)
    assert messages_for(office.anna).first().kind == "urge"
    with pytest.raises(Conflict):
        urge_assignment(me(office.head), task)
    under_way(task, office.anna)
    submit(me(office.anna), task)
    with clock.moved(clock.now() + timedelta(hours=2)), pytest.raises(Conflict):
        urge_assignment(me(office.head), task)


def _submit_at_once(office, task) -> list[str]:
    gate, outcomes = threading.Barrier(4), []

    def run() -> None:
        mine = SchoolTask.unguarded.select_related("org", "round__plan__org").get(pk=task.pk)
        gate.wait()
        try:
            submit(me(office.anna), mine, {"text": "好"})
            outcomes.append("stored")
        except Conflict:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_four_submissions_at_once_one_is_taken(office):
    task = under_way(office.own(), office.anna)
    assert _submit_at_once(office, task) == ["refused", "refused", "refused", "stored"]
    assert traces(Report, task).count() == 1
    assert AuditEntry.objects.filter(action="refused:submit").count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_all_four_would_be_taken(office, monkeypatch):
    task = under_way(office.own(), office.anna)

    def unguarded(actor, record, values, *, action, expect):
        type(record).unguarded.filter(pk=record.pk).update(**values)

    numbers = iter(range(1, 99))
    monkeypatch.setattr(stepping, "change", unguarded)
    monkeypatch.setattr(stepping, "Report", lambda **values: Report(**values | {"number": next(numbers)}))
    stepping.Report.objects = Report.objects
    assert _submit_at_once(office, task) == ["stored"] * 4
