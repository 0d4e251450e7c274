"""Inspection tasks, as their entries ask (D01.7-D01.11, SAF.05, D11.10)."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import COLLEAGUES, InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.engines.exchange.api import read_sheet
from anlan.engines.forms.api import FormDefinition
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import Grant
from anlan.engines.tasks.api import watch_deadlines
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.factories import a_role
from tests.files.making import a_picture, upload
from tests.safety.conftest import County
from tests.safety.patrols import TASKS, Patrol, browser, named, text_of

pytestmark = pytest.mark.django_db
API = "/api" + TASKS


@pytest.fixture
def patrol(county: County) -> Patrol:
    """The cast."""
    return Patrol(county)


@pytest.mark.requirement("D01.7")
def test_who_sees_a_task_follows_from_its_form_and_the_role(patrol: Patrol) -> None:
    food = patrol.published("食堂检查表")
    mine = patrol.task()
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="食堂巡查", form=food))
    theirs = InspectionTask.objects.unscoped().get(assignee=patrol.fang.user)
    lin, fang, bureau = browser(patrol.lin), browser(patrol.fang), browser(patrol.bureau)
    assert (named(lin), named(fang)) == (["一季度巡查"], ["食堂巡查"])
    assert (named(lin, q="食堂"), named(fang, q="食堂")) == ([], ["食堂巡查"])
    assert "共 1 " in text_of(lin.get(TASKS))
    assert lin.get(theirs.get_absolute_url()).status_code == 404
    assert lin.get(f"{API}{theirs.pk}").status_code == 404
    taken = lin.get("/safety/field/tasks.json").json()["tasks"]
    assert [one["id"] for one in taken] == [str(mine.pk)]
    assert sorted(named(bureau)) == ["一季度巡查", "食堂巡查"]
    FormDefinition.unguarded.filter(pk=food.pk).update(audience=["inspector"])
    assert named(bureau) == ["一季度巡查"]
    assert bureau.get(theirs.get_absolute_url()).status_code == 404
    assert named(fang) == ["食堂巡查"]
    patrol.done(mine, q1="pass", q2="pass")
    assert lin.get("/safety/field/tasks.json").json()["tasks"] == []


@pytest.mark.requirement("D01.8")
def test_a_task_is_changed_drafted_and_handed_in_once(patrol: Patrol) -> None:
    bureau, lin, task = browser(patrol.bureau), browser(patrol.lin), patrol.task()
    page = task.get_absolute_url()
    due = (clock.now() + timedelta(days=3)).astimezone(clock.zone()).replace(second=0, microsecond=0)
    said = {
        "assignee": patrol.fang.user.pk,
        "due_at": f"{due:%Y-%m-%dT%H:%M}",
        "form": patrol.form.pk,
        "reason": "换人",
    }
    assert bureau.post(f"{page}act/amend", said).status_code == 303
    task.refresh_from_db()
    assert (task.assignee, task.due_at) == (patrol.fang.user, due)
    assert lin.get(page).status_code == 404
    said["assignee"] = patrol.lin.user.pk
    assert bureau.post(f"{page}act/amend", said).status_code == 303

    sheet = lin.post(f"{page}act/fill")["Location"]
    photo = upload("a.jpg", a_picture())
    drawn = {
        "q": ["q1", "q2"],
        "q.q1": "fail",
        "q.q1.note": "缺水枪",
        "q.q1.photo": photo,
        "q.q1.at": "",
        "q.q2.at": "",
    }
    assert lin.post(sheet, {**drawn, "act": "save"}).status_code == 303
    again = text_of(lin.get(sheet))
    assert "缺水枪" in again
    uid = sheet.strip("/").split("/")[-1]
    kept = lin.get(f"/forms/responses/{uid}.json").json()["answers"]
    assert [(one["question"], one["value"], len(one["photos"])) for one in kept] == [("q1", "fail", 1)]
    assert kept[0]["photos"][0] in again

    at = (clock.now() + timedelta(seconds=1)).isoformat()
    answers = [
        *kept,
        {"uid": "0199aaaa-0000-7000-8000-000000000001", "question": "q2", "value": "pass", "at": at},
    ]
    sent = {"answers": answers, "submitted_at": at}
    for _ in range(20):
        answer = lin.post(f"/forms/responses/{uid}/submit.json", sent, content_type="application/json")
        assert answer.status_code == 200, answer.content
    assert (Hazard.objects.unscoped().count(), Finding.objects.unscoped().count()) == (1, 1)
    task.refresh_from_db()
    assert task.state == "completed"
    assert bureau.post(f"{page}act/take_back", {"reason": "不要了"}).status_code == 409
    assert bureau.post(f"{page}act/amend", said).status_code == 409
    task.refresh_from_db()
    assert (task.state, task.form_version.definition) == ("completed", patrol.form)

    other = patrol.task(title="二季度巡查")
    assert bureau.post(f"{other.get_absolute_url()}act/take_back", {"reason": "重复"}).status_code == 303
    assert named(lin, state="cancelled") == ["二季度巡查"]
    assert (
        lin.post(
            f"/safety/field/tasks/{other.pk}/sheet", {"uid": uid}, content_type="application/json"
        ).status_code
        == 409
    )


@pytest.mark.requirement("D01.10")
def test_late_work_is_warned_of_accepted_and_counted(patrol: Patrol) -> None:
    task, timely = patrol.task(), patrol.task(title="按时的")
    patrol.done(timely, q1="pass", q2="pass")
    with pytest.raises(Rejected):
        patrol.done(task, q1="pass")

    def warned() -> dict[str, int]:
        rows = Message.objects.filter(event="tasks.overdue")
        return {name: rows.filter(addressee__name=name).count() for name in ("lin", "zhou")}

    with clock.moved(task.due_at - timedelta(minutes=1)):
        watch_deadlines()
        assert warned() == {"lin": 0, "zhou": 0}
    with clock.moved(task.due_at + timedelta(minutes=1)):
        watch_deadlines()
        watch_deadlines()
        assert warned() == {"lin": 1, "zhou": 1}
        bureau = browser(patrol.bureau)
        assert bureau.get(API, {"overdue": 1}).json()["count"] == 1
        assert "待完成（逾期）" in text_of(bureau.get(TASKS)) or "执行中（逾期）" in text_of(
            bureau.get(TASKS)
        )
        patrol.done(task, q1="pass", q2="pass")
        assert (task.state, task.late) == ("completed", True)
        assert "已完成（逾期提交）" in text_of(bureau.get(task.get_absolute_url()))
        shown = text_of(bureau.get("/analysis/safety/inspections/"))
        assert "计划任务 2 项，已完成 2 项，逾期提交 1 项，逾期未交 0 项" in shown


@pytest.mark.requirement("D01.11")
def test_tasks_are_found_with_their_record_and_exported(patrol: Patrol, tmp_path: Path) -> None:
    now = clock.now()
    last_week = now - timedelta(days=7)
    spot = patrol.make_mode(title="抽查")
    made = [
        patrol.task(title=f"第 {number} 次", mode=spot if number == 3 else patrol.mode) for number in range(4)
    ]
    for task in made[:3]:
        patrol.done(task, q1="pass", q2="fail" if task is made[0] else "pass")
    for task, moment in ((made[0], last_week), (made[1], last_week - timedelta(hours=5)), (made[2], now)):
        InspectionTask.unguarded.filter(pk=task.pk).update(submitted_at=moment)
    bureau = browser(patrol.bureau)
    first, last = (
        last_week.astimezone(clock.zone()).date() - timedelta(days=1),
        now.astimezone(clock.zone()).date(),
    )
    query = {"state": "completed", "submitted_at_from": first, "sort": "submitted_at"}
    query["submitted_at_to"] = last - timedelta(days=1)
    assert named(bureau, **query) == ["第 1 次", "第 0 次"]
    assert named(bureau, **query, org=patrol.county.units["second"].pk) == []
    assert named(bureau, **query, assignee=patrol.lin.user.pk, round__plan=made[0].round.plan_id) == [
        "第 0 次"
    ]
    assert named(bureau, round__plan__mode=spot.pk) == ["第 3 次"]
    page = text_of(bureau.get(made[0].get_absolute_url()))
    hazard = Hazard.objects.unscoped().get()
    for word in ("school", "lin", "消防检查表 第 1 版", "缺水枪", hazard.number, "打印检查表"):
        assert word in page, word

    def exported(**asked: Any) -> list[Any]:
        answer = bureau.get(f"{TASKS}export", {"format": "xlsx", **asked})
        path = tmp_path / "tasks.xlsx"
        path.write_bytes(answer.content)
        sheet = read_sheet(path)
        return [row.cells[sheet.headers.index("任务")] for row in sheet.rows]

    assert exported(**query) == ["第 1 次", "第 0 次"]
    assert exported(q="没有这样的任务") == []
    assert "没有符合条件的记录" in text_of(bureau.get(TASKS, {"q": "没有这样的任务"}))
    backwards = bureau.get(TASKS, {"submitted_at_from": last, "submitted_at_to": first})
    assert backwards.status_code == 422
    assert "止期要晚于起期" in backwards.content.decode()


@pytest.mark.requirement("SAF.05")
def test_patrols_by_the_bureau_and_by_the_school_itself(patrol: Patrol) -> None:
    bureau_task = patrol.task()
    sheet = open_sheet(patrol.lin, bureau_task)
    patrol.done(bureau_task, q1="fail", q2="pass")
    assert Hazard.objects.unscoped().get().org.code == "school"

    school = browser(patrol.school)
    today = clock.today()
    start = {"mode": patrol.mode.pk, "form": patrol.form.pk, "idempotency": "a"}
    future = school.post("/safety/patrol/", start | {"day": today + timedelta(days=1)})
    assert future.status_code == 422
    assert "巡查日期不能晚于今天" in future.content.decode()
    begun = school.post("/safety/patrol/", start | {"day": today - timedelta(days=1)})
    assert begun.status_code == 303
    page = begun["Location"]
    assert school.post("/safety/patrol/", start | {"day": today - timedelta(days=1)})["Location"] == page
    own = InspectionTask.objects.unscoped().get(assignee=patrol.school.user)
    assert (own.state, own.round.plan.starts_on) == ("doing", today - timedelta(days=1))
    where = school.post(f"{page}act/fill")["Location"]
    data = {
        "q": ["q1", "q2"],
        "q.q1": "fail",
        "q.q1.note": "压力不足",
        "q.q1.photo": upload("a.jpg", a_picture()),
        "act": "submit",
    }
    half = school.post(where, data)
    assert half.status_code == 422
    assert "执行中" in text_of(school.get(page))
    uid = where.strip("/").split("/")[-1]
    kept = {one["question"]: one for one in school.get(f"/forms/responses/{uid}.json").json()["answers"]}
    assert kept["q1"]["photos"]
    done = school.post(where, {
        "q": ["q1", "q2"], "q.q1": "fail", "q.q1.note": "压力不足", "q.q1.photo": kept["q1"]["photos"],
        "q.q2": "pass", "act": "submit",
    })  # fmt: skip
    assert (done.status_code, done["Location"]) == (303, page)
    hazard = Hazard.objects.unscoped().get(title="压力不足")
    assert (hazard.org.code, hazard.reported_up, hazard.state) == ("school", False, "assigned")
    assert "压力不足" in text_of(school.get(page))
    other = browser(patrol.county.actor("wu", "school_safety", "second"))
    for address in (page, bureau_task.get_absolute_url(), f"/forms/responses/{sheet.uid}/", where):
        assert other.get(address).status_code == 404, address
    assert other.get(API).json()["count"] == 0


@pytest.mark.requirement("D11.10")
def test_an_inspector_s_list_on_the_phone(patrol: Patrol) -> None:
    moment = datetime.combine(clock.today() - timedelta(days=3), time(9), clock.zone())
    tasks = [patrol.task(title=f"第 {number} 次", note=f"查第 {number} 层") for number in range(3)]
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="同事的"))
    colleague = InspectionTask.objects.unscoped().get(assignee=patrol.fang.user)
    patrol.done(tasks[0], q1="pass", q2="pass")
    patrol.done(tasks[1], q1="pass", q2="pass")
    InspectionTask.unguarded.filter(pk=tasks[0].pk).update(submitted_at=moment)
    lin = browser(patrol.lin)
    rows = lin.get(API).json()["results"]
    assert [row["name"] for row in rows] == ["第 2 次", "第 1 次", "第 0 次"]
    assert [(row["about"], row["checked_at"] is not None) for row in rows] == [
        ("查第 2 层", False), ("查第 1 层", True), ("查第 0 层", True),
    ]  # fmt: skip
    page = text_of(lin.get(TASKS))
    assert "查第 0 层" in page
    day = moment.date()
    both = {
        "state": "completed",
        "submitted_at_from": day,
        "submitted_at_to": day,
        "assignee": patrol.lin.user.pk,
    }
    assert named(lin, **both) == ["第 0 次"]
    assert named(lin, **both | {"assignee": patrol.fang.user.pk}) == []
    patrol.lin, keeper = patrol.fang, patrol.lin
    patrol.done(colleague, q1="pass", q2="pass")
    assert "同事的" not in named(lin)
    role = a_role("peer", COLLEAGUES)
    Grant.objects.create(user=keeper.user, role=role, unit=patrol.county.units["county"])
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="同事没做完的"))
    fresh = browser(keeper)
    assert "同事的" in named(fresh)
    assert "同事没做完的" not in named(fresh)
    assert fresh.get(colleague.get_absolute_url()).status_code == 200
