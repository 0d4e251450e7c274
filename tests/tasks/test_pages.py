"""The pages of to-dos, jobs and school tasks as people use them."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.tasks.api import Job, Report, accept, badges, open_todo, start, submit, todos_for, traces
from anlan.engines.tasks.framing import _todos
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan
from anlan.kernel import clock
from tests.factories import sign_in
from tests.tasks.conftest import MONDAY, PNG, at


@pytest.fixture
def noon():
    """The clock stands at noon of the Monday."""
    with clock.moved(at(MONDAY, 12)):
        yield


def words(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("right", ["x.rows.view", "x.rows.view.own", "x.rows.export"])
def test_a_right_that_shows_no_matters_takes_none(office, right):
    plan = SchoolTaskPlan.unguarded.create(title="计划", org=office.first, ends_on=MONDAY)
    with pytest.raises(ValueError, match=right):
        open_todo(plan, "x", "事项", "/tasks/", permission=right)


@pytest.mark.usefixtures("noon")
def test_the_todo_list_is_grouped_and_its_number_is_the_same_everywhere(office, client, rf):
    for day, title in ((-1, "昨天的"), (0, "今天的"), (2, "周三的"), (9, "下周的")):
        due = at(MONDAY + timedelta(days=day), 17)
        plan = SchoolTaskPlan.unguarded.create(title=title, org=office.first, ends_on=MONDAY)
        open_todo(plan, "x", title, "/tasks/", user=office.anna, due_at=due)
    page = words(sign_in(client, office.anna).get("/todos/"))
    places = [
        page.index(said)
        for said in ("已逾期", "昨天的", "今日到期", "今天的", "本周", "周三的", "以后", "下周的")
    ]
    assert "共 4 项待办，其中 1 项已逾期" in page
    assert sorted(places[1::2]) == places[1::2]
    found = badges(office.anna)
    request = rf.get("/")
    request.user = office.anna
    assert (found.total, found.late) == (4, 1) == (_todos(request).open, _todos(request).late)
    assert found.total == todos_for(office.anna).count() == page.count("al-queue__item")
    narrowed = words(client.get("/todos/", {"due": "late"}))
    assert narrowed.count("al-queue__item") == 1
    assert words(client.get("/todos/", {"q": "周三"})).count("al-queue__item") == 1


def test_an_empty_list_is_good_news_and_zero_shows_no_badge(office, client):
    page = words(sign_in(client, office.anna).get("/todos/"))
    assert "都办完了" in page
    assert "al-badge" not in page


@pytest.mark.usefixtures("noon")
def test_over_ninety_nine_todos_show_as_99_plus(office, client):
    plan = SchoolTaskPlan.unguarded.create(title="很多", org=office.first, ends_on=MONDAY)
    for number in range(120):
        open_todo(plan, f"kind{number}", f"事项{number}", "/tasks/", user=office.anna, due_at=at(MONDAY, 9))
    page = words(sign_in(client, office.anna).get("/todos/"))
    assert "99+" in page
    assert "共 120 项待办" in page
    assert page.count("al-queue__item") == 100
    assert "已逾期 120" in page


@pytest.mark.usefixtures("noon")
def test_one_does_a_task_through_its_page_from_receiving_to_reporting(office, client):
    task = office.own(evidence=["text", "photos"], checklist=["灭火器"], content="逐个查看")
    anna, url = sign_in(client, office.anna), reverse("tasks.school_tasks:detail", args=[task.pk])
    assert "接收任务" in words(anna.get(url))
    assert anna.post(f"{url}accept/").status_code == 303
    assert "开始执行" in words(anna.get(url))
    anna.post(f"{url}start/")
    page = words(anna.get(url))
    assert "提交反馈" in page
    assert "灭火器" in page
    refused = anna.post(f"{url}report/", {"text": "查了"})
    assert refused.status_code == 422
    assert "photos" in refused.content.decode()
    assert not traces(Report, task).exists()
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    photo = SimpleUploadedFile("a.png", PNG, "image/png")
    sent = anna.post(f"{url}report/", {"text": "查了", "item_0": "正常", "photos": photo})
    assert sent.status_code == 303, sent.content.decode()[-3000:]
    task.refresh_from_db()
    assert task.state == "completed"
    assert "第 1 次反馈" in words(anna.get(url))
    assert anna.post(f"{url}accept/").status_code == 409


@pytest.mark.usefixtures("noon")
def test_others_do_not_find_the_task_and_cannot_take_its_steps(office, client):
    task = office.own()
    url = task.get_absolute_url()
    for stranger in (office.ben, office.clerk, office.other_head):
        browser = sign_in(client, stranger)
        assert browser.get(url).status_code == 404
        assert browser.post(f"{url}accept/").status_code == 404
        assert "消防自查" not in words(browser.get("/tasks/"))
    head = sign_in(client, office.head)
    assert "消防自查" in words(head.get("/tasks/"))
    assert head.post(f"{url}accept/").status_code == 403
    nobody = office.person("nobody", office.first)
    assert sign_in(client, nobody).get("/tasks/").status_code == 403


@pytest.mark.usefixtures("noon")
def test_every_step_with_a_form_works_through_its_page(office, client):
    task = office.own()
    url = task.get_absolute_url()
    anna, until = sign_in(client, office.anna), "2026-10-21T17:00"
    assert "转给" in words(anna.get(f"{url}transfer/"))
    assert anna.post(f"{url}extend/", {"until": "2026-10-01T10:00", "reason": "早"}).status_code == 422
    assert anna.post(f"{url}extend/", {"until": until, "reason": "来不及"}).status_code == 303
    assert anna.post(f"{url}transfer/", {"target": office.other_head.pk, "reason": "x"}).status_code == 422
    assert anna.post(f"{url}transfer/", {"target": office.ben.pk, "reason": "出差"}).status_code == 303
    head = sign_in(client, office.head)
    assert "请您审批延期" in words(head.get(url))
    assert head.post(f"{url}decide/", {"approve": "yes"}).status_code == 303
    assert head.post(f"{url}urge/").status_code == 303
    assert head.post(f"{url}urge/").status_code == 409
    task.refresh_from_db()
    assert (task.due_at, task.assignee) == (at(MONDAY + timedelta(days=2), 17), office.ben)
    page = words(head.get(url))
    for said in ("转办记录", "延期申请", "催办记录", "出差"):
        assert said in page
    assert head.post(f"{url}cancel/", {"reason": "不用了"}).status_code == 303
    task.refresh_from_db()
    assert task.state == "cancelled"


@pytest.mark.usefixtures("noon")
def test_a_bureau_task_is_split_on_its_page(office, client):
    office.give(office.clerk, (office.first,))
    task = office.latest()
    accept(Actor.person(office.head), task)
    head, url = sign_in(client, office.head), task.get_absolute_url()
    assert head.post(f"{url}split/", {"part": "东楼"}).status_code == 422
    assert head.post(f"{url}split/", {"part": "东楼", "people": [office.anna.pk]}).status_code == 303
    assert "东楼" in words(head.get(url))
    assert task.parts.get().assignee == office.anna


@pytest.mark.usefixtures("noon")
def test_a_head_publishes_a_task_and_a_past_deadline_is_refused_at_the_field(office, client):
    head = sign_in(client, office.head)
    assert "发布任务" in words(head.get("/tasks/new/"))
    values = {
        "title": "巡楼", "kind": "patrol", "org": office.first.pk, "responsible": office.anna.pk,
        "starts_on": "2026-10-19", "ends_on": "2026-10-25", "repeat": "daily", "deadline_days": "0",
        "deadline_time": "09:00", "remind_hours": "2", "checklist": "东楼\n西楼", "evidence": ["text"],
    }  # fmt: skip
    refused = head.post("/tasks/new/", values)
    assert refused.status_code == 422
    assert "截止时间已经过去" in refused.content.decode()
    assert not SchoolTaskPlan.unguarded.exists()
    assert head.post("/tasks/new/", values | {"deadline_time": "17:00"}).status_code == 303
    task = SchoolTask.unguarded.get()
    assert (task.assignee, task.plan.checklist) == (office.anna, ["东楼", "西楼"])
    outsider = values | {"deadline_time": "17:00", "responsible": office.other_head.pk}
    assert head.post("/tasks/new/", outsider).status_code == 422
    assert sign_in(client, office.anna).get("/tasks/new/").status_code == 403


@pytest.mark.requirement("S01.5")
@pytest.mark.usefixtures("noon")
def test_list_calendar_export_and_statistics_tell_the_same(office, client):
    office.own(title="楼道巡查", kind="patrol", ends_on=MONDAY, deadline_days=2)
    office.own(office.ben, title="消防演练", kind="drill", ends_on=MONDAY)
    late = office.own(title="过期整治", kind="tidying", day=MONDAY - timedelta(days=3))
    done = office.own(title="例会", kind="meeting")
    for step in (accept, start, submit):
        step(Actor.person(office.anna), done)
    head = sign_in(client, office.head)
    for query, expected in (
        ({}, {"楼道巡查", "消防演练", "过期整治", "例会"}),
        ({"kind": "drill"}, {"消防演练"}),
        ({"state": "late"}, {"过期整治"}),
        ({"who": str(office.ben.pk)}, {"消防演练"}),
        ({"source": "above"}, set()),
        ({"q": "巡查"}, {"楼道巡查"}),
        ({"day_from": "2026-10-20", "day_to": "2026-10-20"}, {"楼道巡查"}),
    ):
        titles = ("楼道巡查", "消防演练", "过期整治", "例会")
        listed = words(head.get("/tasks/", query))
        assert {t for t in titles if f">{t}</a>" in listed} == expected, query
        term = words(head.get("/tasks/calendar/", {"view": "term", **query}))
        assert {t for t in titles if f">{t}</a>" in term} == expected, query
        book = CalamineWorkbook.from_filelike(BytesIO(head.get("/tasks/export/", query).content))
        assert {row[0] for row in book.get_sheet_by_index(0).to_python()[1:]} == expected, query
        assert f"共 {len(expected)} 项任务" in words(head.get("/tasks/statistics/", query)), query
    for view, times in (("day", 1), ("week", 3), ("month", 6)):
        shown = words(head.get("/tasks/calendar/", {"view": view, "kind": "patrol"}))
        assert shown.count(">楼道巡查</a>") == times, view
    assert AuditEntry.objects.filter(action="export", user=office.head).exists()
    assert late.overdue


@pytest.mark.usefixtures("noon")
def test_a_task_of_several_days_shows_on_all_of_them(office, client):
    office.own(title="楼道巡查", deadline_days=2)
    head = sign_in(client, office.head)
    for day, there in (
        ("2026-10-18", 0),
        ("2026-10-19", 1),
        ("2026-10-20", 1),
        ("2026-10-21", 1),
        ("2026-10-22", 0),
    ):
        page = words(head.get("/tasks/calendar/", {"view": "day", "day": day}))
        assert page.count(">楼道巡查</a>") == there, day
    week = words(head.get("/tasks/calendar/", {"view": "week", "day": "2026-10-20"}))
    assert week.count(">楼道巡查</a>") == 3


@pytest.mark.requirement("S01.6")
@pytest.mark.usefixtures("noon")
def test_statistics_count_for_the_final_person_and_leave_cancelled_tasks_out(office, client):
    from anlan.engines.tasks.api import cancel_assignment, transfer  # noqa: PLC0415

    passed, gone = office.own(title="转出去"), office.own(title="取消的")
    transfer(Actor.person(office.anna), passed, office.ben, "出差")
    cancel_assignment(Actor.person(office.head), gone, "不用")
    page = words(sign_in(client, office.head).get("/tasks/statistics/"))
    assert "共 1 项任务，完成 0 项" in page
    assert ">本老师</a>" in page
    assert ">安老师</a>" not in page
    bureau = words(sign_in(client, office.clerk).get("/tasks/statistics/"))
    assert "共 0 项任务" in bureau
    office.own(title="共享", kind="drill", shared=True)
    office.give(office.clerk, (office.first, office.second), title="局里的", kind="drill")
    assert "共 3 项任务" in words(sign_in(client, office.clerk).get("/tasks/statistics/"))
    counted = sign_in(client, office.head)
    for by in ("person", "unit", "kind", "month"):
        page = words(counted.get("/tasks/statistics/", {"by": by})).split('id="figures"')[1]
        rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
        figures = [int(re.search(r'data-col="total"[^>]*>(\d+)<', row).group(1)) for row in rows]
        assert sum(figures) == 3, by
        for row, figure in zip(rows, figures, strict=True):
            link = re.search(r'href="([^"]+)"', row)
            assert (link is None) == (by == "month")
            assert link is None or f"共 {figure} 项任务" in words(counted.get(unescape(link.group(1))))


def test_list_pages_ask_the_database_a_fixed_number_of_times(office, client, django_assert_max_num_queries):
    for number in range(15):
        office.own(title=f"任务{number}")
    head = sign_in(client, office.head)
    head.get("/tasks/")
    with django_assert_max_num_queries(30):
        head.get("/tasks/")
    anna = sign_in(client, office.anna)
    with django_assert_max_num_queries(24):
        anna.get("/todos/")


def test_own_jobs_are_shown_cancelled_and_hidden_from_others(office, client):
    job = Job.objects.create(code="x", title="导出台账", user=office.anna, state="running", done=3, total=9)
    Job.objects.create(code="x", title="别人的", user=office.ben)
    anna = sign_in(client, office.anna)
    page = words(anna.get("/jobs/"))
    assert "导出台账" in page
    assert "33%" in page
    assert "别人的" not in page
    assert "导出台账" in words(anna.get(f"/jobs/{job.pk}/"))
    assert anna.post(f"/jobs/{job.pk}/cancel/").status_code == 303
    job.refresh_from_db()
    assert job.cancel_asked
    assert sign_in(client, office.ben).get(f"/jobs/{job.pk}/").status_code == 404
    assert sign_in(client, office.ben).post(f"/jobs/{job.pk}/cancel/").status_code == 404


@pytest.mark.parametrize(
    "url", ["/tasks/?who=abc&state=zz", "/tasks/calendar/?day=2026-99-99&view=q", "/todos/?unit=x&due=y"]
)
def test_nonsense_in_the_address_does_no_harm(office, client, url):
    assert sign_in(client, office.head).get(url).status_code == 200
