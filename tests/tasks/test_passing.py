"""Passing on, extensions, splitting and passing down to units below."""

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import messages_for
from anlan.engines.org.api import OrgUnit, forget_rights
from anlan.engines.tasks.api import (
    Transfer,
    accept,
    decide_extension,
    request_extension,
    start,
    submit,
    todos_for,
    traces,
    transfer,
)
from anlan.engines.tasks.models import SchoolTask
from anlan.engines.tasks.school_tasks import VIEW
from anlan.engines.tasks.splitting import Part, pass_on, rolled_up, split, urge_unsigned
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected
from tests.factories import a_grant, a_role, a_user
from tests.tasks.conftest import MONDAY, at


def me(user) -> Actor:
    return Actor.person(user, "web")


def sees(user) -> list[str]:
    return [str(task) for task in SchoolTask.objects.visible(user, VIEW)]


def test_passing_on_moves_the_duty_and_leaves_a_trace(office):
    task = office.own()
    accept(me(office.anna), task)
    transfer(me(office.anna), task, office.ben, "出差")
    assert (task.assignee, task.accepted_at) == (office.ben, None)
    assert not todos_for(office.anna).exists()
    assert [todo.verb for todo in todos_for(office.ben)] == ["接收"]
    assert "任务转给您" in messages_for(office.ben).first().title
    trace = traces(Transfer, task).get()
    assert (trace.source, trace.target, trace.reason, trace.circle) == (
        office.anna,
        office.ben,
        "出差",
        False,
    )
    with pytest.raises(Forbidden):
        accept(me(office.anna), task)
    accept(me(office.ben), task)


def test_passing_on_needs_a_reason_and_a_colleague_who_is_still_there(office):
    task = office.own()
    office.ben.is_active = False
    office.ben.save()
    for target, reason, field in (
        (office.safety, " ", "reason"),
        (office.ben, "出差", "target"),
        (office.other_head, "出差", "target"),
        (office.anna, "出差", "target"),
    ):
        with pytest.raises(Rejected) as refused:
            transfer(me(office.anna), task, target, reason)
        assert field in refused.value.fields
    with pytest.raises(Forbidden):
        transfer(me(office.ben), task, office.safety, "抢活")
    assert not traces(Transfer, task).exists()


def test_a_circle_is_shown_to_the_issuer(office):
    task = office.own()
    transfer(me(office.anna), task, office.ben, "出差")
    assert not messages_for(office.head).filter(event="tasks.circle").exists()
    transfer(me(office.ben), task, office.anna, "还给你")
    assert traces(Transfer, task).last().circle
    assert messages_for(office.head).filter(event="tasks.circle").count() == 1


def test_an_extension_moves_the_deadline_only_when_approved(office):
    task, later = office.own(), at(MONDAY.replace(day=22), 17)
    due = task.due_at
    with clock.moved(at(MONDAY, 12)):
        with pytest.raises(Rejected):
            request_extension(me(office.anna), task, due, "来不及")
        asked = request_extension(me(office.anna), task, later, "来不及")
        with pytest.raises(Conflict):
            request_extension(me(office.anna), task, later, "再来")
        task.refresh_from_db()
        assert task.due_at == due
        assert [todo.verb for todo in todos_for(office.head)] == ["审批"]
        with pytest.raises(Forbidden):
            decide_extension(me(office.anna), task, asked, True)
        decide_extension(me(office.head), task, asked, False, "不行")
        task.refresh_from_db()
        assert task.due_at == due
        second = request_extension(me(office.anna), task, later, "真的来不及")
        decide_extension(me(office.head), task, second, True)
        with pytest.raises(Conflict):
            decide_extension(me(office.head), task, second, True)
    task.refresh_from_db()
    assert task.due_at == later
    assert not todos_for(office.head).exists()
    assert [todo.due_at for todo in todos_for(office.anna)] == [later]


def test_staff_see_only_tasks_given_to_them_or_their_post(office):
    guard = a_user("guard", office.first, name="保安")
    second_guard = a_user("guard", office.second, name="别校保安")
    office.own(title="给安老师")
    office.give(office.head, title="给门卫", post=guard.grants.get().role)
    office.give(office.head, title="本老师协助", responsible=office.safety, assistants=[office.ben])
    assert sees(office.anna) == ["给安老师"]
    assert sees(guard) == ["给门卫"]
    assert sees(second_guard) == []
    assert sees(office.ben) == ["本老师协助"]
    assert len(sees(office.head)) == 3
    assert [todo.title for todo in todos_for(guard)] == ["给门卫"]
    assert not todos_for(second_guard).exists()
    task = SchoolTask.unguarded.get(post__isnull=False)
    accept(me(guard), task)
    with pytest.raises(Forbidden):
        start(me(second_guard), task)


def test_the_bureau_sees_no_internal_tasks_unless_shared(office):
    office.own(title="校内")
    office.own(title="共享", shared=True)
    office.give(office.clerk, (office.first,), title="局里的")
    assert sorted(sees(office.clerk)) == ["共享", "局里的"]
    assert len(sees(office.head)) == 3
    assert sees(office.other_head) == []


def test_a_task_is_split_among_staff_and_handed_in_when_all_parts_are(office):
    office.give(office.clerk, (office.first,))
    task = office.latest()
    with pytest.raises(Conflict):
        split(me(office.head), task, [Part(office.anna)])
    accept(me(office.head), task)
    start(me(office.head), task)
    parts = split(me(office.head), task, [Part(office.anna, "东楼"), Part(office.ben, "西楼")])
    assert sees(office.anna) == ["消防自查：东楼"]
    assert sees(office.clerk) == ["消防自查"]
    with pytest.raises(Rejected):
        submit(me(office.head), task)
    for part, user in zip(parts, (office.anna, office.ben), strict=True):
        accept(me(user), part)
        start(me(user), part)
        submit(me(user), part, {"text": f"{user}好了"})
    submit(me(office.head), task)
    assert [row.report.values["text"] for row in rolled_up(task)] == ["安老师好了", "本老师好了"]


@pytest.mark.requirement("P.02")
def test_a_university_passes_a_task_on_and_the_answers_roll_up(office):
    university = office.tree.university
    make = OrgUnit.objects.create
    colleges = [make(code=f"C{n}", name=f"学院{n}", kind="college", parent=university) for n in (1, 2)]
    colleges.append(make(code="D1", name="保卫处", kind="department", parent=university))
    a_role("university", "tasks.school_tasks.do", VIEW)
    a_role("province", "tasks.school_tasks.issue", VIEW)
    president, province = a_user("university", university), a_user("province", office.tree.province)
    city = a_user("bureau_safety", office.tree.city)
    deans = [a_user("university", unit) for unit in colleges]
    office.give(province, (university,), title="安全年报")
    task = office.latest()
    accept(me(president), task)
    with pytest.raises(Rejected):
        pass_on(me(president), task, [office.first])
    parts = pass_on(me(president), task, colleges)
    for part, dean in zip(parts, deans, strict=True):
        assert sees(dean) == ["安全年报"]
        accept(me(dean), part)
        start(me(dean), part)
        submit(me(dean), part, {"text": f"{part.org}已报"})
    answers = [
        row.report.values["text"]
        for row in rolled_up(SchoolTask.objects.visible(province, VIEW).get(parent=None))
    ]
    assert answers == ["学院1已报", "学院2已报", "保卫处已报"]
    with pytest.raises(Missing):
        SchoolTask.objects.visible(city, VIEW).one(pk=task.pk)
    a_grant(city, "university", university)
    forget_rights(city)
    assert len(sees(city)) == 4


def test_a_task_not_signed_within_the_limit_is_urged_once(office):
    office.give(office.clerk, (office.first, office.second), sign_hours=4)
    signed = SchoolTask.unguarded.get(org=office.second)
    accept(me(office.other_head), signed)
    with clock.moved(at(MONDAY, 12)):
        assert urge_unsigned() == 0
    with clock.moved(at(MONDAY, 13, 1)):
        assert (urge_unsigned(), urge_unsigned()) == (1, 0)
    assert messages_for(office.head).filter(kind="urge").count() == 1
    assert not messages_for(office.other_head).filter(kind="urge").exists()
