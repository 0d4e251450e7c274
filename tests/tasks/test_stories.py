"""What the catalogue of requirements asks of school tasks, told as whole stories."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks.api import (
    Report,
    Transfer,
    accept,
    decide_extension,
    generate_rounds,
    request_extension,
    return_,
    start,
    submit,
    todos_for,
    traces,
    transfer,
    watch_deadlines,
)
from anlan.engines.tasks.calendar import _provider, _terms, provide_calendar
from anlan.engines.tasks.models import SchoolTask
from anlan.engines.tasks.school_tasks import VIEW, TaskKind
from anlan.engines.tasks.splitting import Part, split, urge_unsigned
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user, sign_in
from tests.tasks.conftest import MONDAY, PNG, at

FROM_ABOVE = ("inspection", "report", "filling", "notice", "rectify", "training")


@pytest.fixture
def plain_calendar():
    """Monday to Friday, no terms, whatever the base says."""
    kept = list(_provider), list(_terms)
    _provider.clear()
    _terms.clear()
    yield
    _provider[:], _terms[:] = kept


def picture() -> SimpleUploadedFile:
    """A photo of one pixel."""
    return SimpleUploadedFile("a.png", PNG, "image/png")


def me(user) -> Actor:
    return Actor.person(user, "web")


def sees(user) -> list[str]:
    return sorted(str(task) for task in SchoolTask.objects.visible(user, VIEW))


@pytest.mark.requirement("S01.1")
def test_tasks_from_above_arrive_are_signed_for_and_split(office, client):
    for kind in FROM_ABOVE[1:]:
        title = TaskKind(kind).label
        office.give(office.clerk, (office.first,), kind=kind, title=title, content="按要求办理", sign_hours=4)
    with clock.moved(at(MONDAY, 9)):
        said = {
            "title": "检查", "kind": "inspection", "content": "按要求办理", "org": office.county.pk,
            "units": [office.first.pk], "starts_on": MONDAY, "ends_on": MONDAY, "repeat": "once",
            "deadline_days": 0, "deadline_time": "17:00", "remind_hours": 1, "sign_hours": 4,
            "annexes": SimpleUploadedFile("检查方案.txt", "方案".encode(), "text/plain"),
        }  # fmt: skip
        assert sign_in(client, office.clerk).post("/tasks/new/", said).status_code == 303
    with clock.moved(at(MONDAY, 10)):
        task = SchoolTask.unguarded.get(round__plan__kind="inspection")
        page = sign_in(client, office.head).get(task.get_absolute_url()).content.decode()
        for words in (str(office.county), "检查", "按要求办理", "检查方案.txt", "17:00", "待完成"):
            assert words in page
        annex = re.search(r'href="(/files/[^"]+)"', page)[1]
        assert client.get(annex).status_code == 200
        assert sign_in(client, office.other_head).get(annex).status_code == 404
        assert client.get(task.get_absolute_url()).status_code == 404
        head = sign_in(client, office.head)
        page = head.get("/tasks/").content.decode()
        for kind in FROM_ABOVE:
            assert page.count(f">{TaskKind(kind).label}</a>") == 1
            assert messages_for(office.head).filter(title=f"新任务：{TaskKind(kind).label}").count() == 1
        task = SchoolTask.unguarded.get(round__plan__kind="rectify")
        accept(me(office.head), task)
        clerk = sign_in(client, office.clerk)
        assert "待完成·已接收" in clerk.get("/tasks/?kind=rectify").content.decode()
        start(me(office.head), task)
        assert "执行中" in clerk.get("/tasks/?kind=rectify").content.decode().split('id="rows"')[1]
        split(me(office.head), task, [Part(office.anna, "东楼")])
    guard = a_user("guard", office.first)
    office.give(office.head, title="门岗值守", post=guard.grants.get().role)
    assert sees(office.anna) == ["整改：东楼"]
    assert sees(office.ben) == []
    assert sees(guard) == ["门岗值守"]
    with clock.moved(at(MONDAY, 13, 1)):
        assert urge_unsigned() == len(FROM_ABOVE) - 1
    assert messages_for(office.head).filter(kind="urge").count() == len(FROM_ABOVE) - 1


@pytest.mark.requirement("S01.2")
@pytest.mark.usefixtures("plain_calendar")
def test_a_school_gives_its_own_tasks_once_or_again_and_again(office):
    provide_calendar(lambda day: day.weekday() < 5 and day != MONDAY + timedelta(days=2))
    friday = MONDAY + timedelta(days=6)
    plan = office.give(
        office.head, responsible=office.anna, assistants=[office.ben], repeat="daily", ends_on=friday,
        skip_holidays=True, place="东楼", checklist=["灭火器"], kind="patrol",
    )  # fmt: skip
    generate_rounds(plan, until=friday)
    due = [task.due_at for task in SchoolTask.unguarded.order_by("due_at")]
    assert due == [at(MONDAY + timedelta(days=day), 17) for day in (0, 1, 3, 4)]
    assert len(sees(office.ben)) == 4
    office.ben.is_active = False
    office.ben.save()
    with pytest.raises(Rejected) as left:
        office.give(office.head, responsible=office.ben)
    assert "responsible" in left.value.fields
    with pytest.raises(Rejected) as past:
        office.give(office.head, responsible=office.anna, deadline_time="08:00")
    assert "deadline_days" in past.value.fields
    assert SchoolTask.unguarded.count() == 4


@pytest.mark.requirement("S01.4")
def test_a_task_is_passed_on_extended_urged_and_escalated(office):
    office.give(office.safety, responsible=office.anna, remind_hours=1)
    task = office.latest()
    transfer(me(office.anna), task, office.ben, "出差")
    assert [todo.title for todo in todos_for(office.ben)] == ["消防自查"]
    assert not todos_for(office.anna).exists()
    with pytest.raises(Forbidden):
        accept(me(office.anna), task)
    transfer(me(office.ben), task, office.anna, "还给你")
    assert [row.reason for row in traces(Transfer, task)] == ["出差", "还给你"]
    assert messages_for(office.safety).filter(event="tasks.circle").count() == 1
    due, later = task.due_at, at(MONDAY, 20)
    with clock.moved(at(MONDAY, 12)):
        asked = request_extension(me(office.anna), task, later, "来不及")
        task.refresh_from_db()
        assert task.due_at == due
        decide_extension(me(office.safety), task, asked, True)
        assert task.due_at == later
    for moment in (at(MONDAY, 17, 1), at(MONDAY, 19, 30), at(MONDAY, 20, 1), at(MONDAY, 21)):
        with clock.moved(moment):
            watch_deadlines()
    for days in (3, 4):
        with clock.moved(at(MONDAY + timedelta(days=days))):
            watch_deadlines()
    stages = ("tasks.remind", "tasks.overdue", "tasks.escalate")
    told = {
        user.name: sorted(messages_for(user).filter(event__in=stages).values_list("event", flat=True))
        for user in (office.anna, office.head, office.ben)
    }
    assert told == {
        "安老师": ["tasks.overdue", "tasks.remind"],
        "陈校长": ["tasks.escalate"],
        "本老师": [],
    }


@pytest.mark.requirement("ARCH.15")
def test_a_task_lies_on_the_desk_of_each_responsible_person_until_it_ends(office, client):
    office.give(office.clerk, (office.first, office.second))
    task = SchoolTask.unguarded.get(org=office.first)
    with clock.moved(at(MONDAY, 10)):
        for user in (office.head, office.other_head):
            assert sign_in(client, user).get("/todos/").content.decode().count("al-queue__item") == 1
        stranger = sign_in(client, office.anna)
        assert "消防自查" not in stranger.get("/todos/").content.decode()
        assert stranger.get(task.get_absolute_url()).status_code == 404
        transfer(me(office.head), task, office.ben, "请本老师办")
        assert not todos_for(office.head).exists()
        assert todos_for(office.ben).count() == 1
        for step in (accept, start, submit):
            step(me(office.ben), task)
        assert not todos_for(office.ben).exists()
        other = SchoolTask.unguarded.get(org=office.second)
        other_clerk = sign_in(client, office.clerk)
        other_clerk.post(f"{other.get_absolute_url()}cancel/", {"reason": "改期"})
        assert not todos_for(office.other_head).exists()


@pytest.mark.requirement("S01.3")
def test_a_report_needs_its_evidence_and_may_be_returned(office, client):
    wanted = ["text", "place", "signature", "photos"]
    task = office.own(evidence=wanted, checklist=["灭火器"])
    with clock.moved(at(MONDAY, 10)):
        for step, state in ((accept, "待完成"), (start, "执行中")):
            step(me(office.anna), task)
            assert task.state_title == state
        anna, url = sign_in(client, office.anna), f"{task.get_absolute_url()}report/"
        values = {"text": "第一次", "place": "操场", "signature": "安", "item_0": "正常"}
        for left_out in (*values, "photos"):
            said = {name: value for name, value in values.items() if name != left_out}
            photo = {} if left_out == "photos" else {"photos": picture()}
            assert anna.post(url, said | photo).status_code == 422, left_out
        with pytest.raises(Rejected) as lacking:
            submit(me(office.anna), task, {"text": "好"})
        assert set(lacking.value.fields) == {"place", "signature", "photos", "checklist"}
        assert not traces(Report, task).exists()
        phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone) MicroMessenger"}
        assert anna.post(url, values | {"photos": picture()}, **phone).status_code == 303
        task.refresh_from_db()
        assert task.state_title == "已完成"
        return_(me(office.head), task, "照片不清楚")
        assert (task.state_title, task.returned) == ("执行中", True)
        assert anna.post(url, values | {"text": "第二次"}).status_code == 303
        with pytest.raises(Conflict):
            start(me(office.anna), task)
        reports = list(traces(Report, task))
        assert [report.values["text"] for report in reports] == ["第一次", "第二次"]
        assert reports[0].values["checklist"] == {"灭火器": "正常"}
        page = sign_in(client, office.head).get(task.get_absolute_url()).content.decode()
        for words in ("第 1 次反馈", "第 2 次反馈", "操场", "灭火器：正常", "/thumb"):
            assert words in page
