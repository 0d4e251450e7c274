"""Inspectors and their rights, figures, and what becomes of findings (D01.12-D01.15)."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.planning import activate_plan
from anlan.engines.audit.api import AuditEntry
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import may
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.safety.conftest import County
from tests.safety.patrols import TASKS, Patrol, browser, text_of
from tests.safety.teams import account, member, school_at

pytestmark = pytest.mark.django_db
API = "/api" + TASKS


@pytest.fixture
def patrol(county: County) -> Patrol:
    """The cast."""
    return Patrol(county)


@pytest.mark.requirement("D01.12")
def test_inspectors_are_found_and_their_profile_agrees_with_the_task_list(patrol: Patrol) -> None:
    li = member(patrol, "李晓明", "13812345678", "school", "second")
    wang = member(patrol, "王五", "13900001111", "second")
    bureau = browser(patrol.bureau)
    both = ["李晓明", "王五"]
    asked = {
        "晓": both[:1],
        "345678": both[:1],
        "5678": both[:1],
        "lxm": both[:1],
        "1111": both[1:],
        "county": both,
    }
    for text, found in (asked | {"scho": both[:1], "second": both}).items():
        rows = bureau.get("/api/safety/inspectors/", {"q": text}).json()["results"]
        assert [row["person__name"] for row in rows] == found, text
    assert "138****5678" in text_of(bureau.get("/safety/inspectors/"))

    activate_plan(patrol.bureau, patrol.plan([account(li)], ["school", "second"]))
    tasks = InspectionTask.objects.unscoped().filter(assignee=li.person.account)
    patrol.lin = account(li)
    patrol.done(tasks.get(org__code="school"), q1="pass", q2="pass")
    page = text_of(bureau.get(f"/safety/inspectors/{li.pk}/"))
    for query, count in (("open=1", 1), ("overdue=1", 0), ("state=completed", 1)):
        link = f"{TASKS}?assignee={li.person.account_id}&amp;{query}"
        assert link in page
        assert bureau.get(f"{API}?assignee={li.person.account_id}&{query}").json()["count"] == count
    [row] = bureau.get("/api/safety/inspectors/", {"q": "晓明"}).json()["results"]
    assert (row["now"], row["done"], row["linked"]) == (1, 1, 2)

    assert bureau.post(f"/base/team/{li.pk}/archive").status_code == 303
    gone = text_of(bureau.get(f"/safety/inspectors/{li.pk}/"))
    assert "一季度巡查" in gone
    assert bureau.get("/api/safety/inspectors/", {"archived": 1}).json()["count"] == 1
    with pytest.raises(Rejected) as refused:
        activate_plan(patrol.bureau, patrol.plan([account(li)], ["school"], title="移除以后"))
    assert "inspectors" in refused.value.fields
    assert wang.archived_at is None


@pytest.mark.requirement("D01.13")
def test_team_rights_decide_who_checks_and_who_raises(patrol: Patrol) -> None:
    patrol.mode = patrol.make_mode(title="抽查", raises_hazards=False)
    quiet = member(patrol, "静", "", "school")
    loud = member(patrol, "响", "", "school", may_raise_hazards=True)
    with pytest.raises(Rejected) as unlinked:
        activate_plan(patrol.bureau, patrol.plan([account(quiet)], ["second"]))
    assert unlinked.value.fields["inspectors"] == ["没有人可以去检查second：巡查员只能检查关联的学校"]

    pages = {}
    for joined in (quiet, loud):
        patrol.lin = account(joined)
        patrol.done(patrol.task(title=f"{joined}的"), q1="pass", q2="fail")
        [finding] = findings_of(InspectionTask.objects.unscoped().get(round__plan__title=f"{joined}的"))
        pages[joined.pk] = (browser(account(joined)), finding)
    client, finding = pages[quiet.pk]
    values = {"org": finding.org_id, "title": "x", "category": patrol.county.category.pk}
    assert "转为隐患" not in text_of(client.get(finding.get_absolute_url()))
    assert "转为隐患" not in text_of(client.get(finding.task.get_absolute_url()))
    assert "/safety/hazards/new" not in text_of(client.get("/"))
    refusals = [
        client.get("/safety/hazards/new"),
        client.post("/safety/hazards/new", values),
        client.post(f"{finding.get_absolute_url()}act/raise_hazard", {"grade": ""}),
        client.post("/api/safety/hazards/", values, content_type="application/json"),
    ]
    assert [answer.status_code for answer in refusals] == [403] * 4
    assert not may(account(quiet).user, "safety.special_parts.raise")
    assert Hazard.objects.unscoped().count() == 0
    client, finding = pages[loud.pk]
    assert "转为隐患" in text_of(client.get(finding.get_absolute_url()))
    assert client.post(f"{finding.get_absolute_url()}act/raise_hazard", {"grade": "large"}).status_code == 303
    assert Hazard.objects.unscoped().get().grade == "large"

    bureau = browser(patrol.bureau)
    boss = member(patrol, "头", "", "school", is_admin=True)
    edit = f"/base/team/{boss.pk}/edit"
    data = {
        "org": boss.org_id,
        "person": boss.person_id,
        "may_check": "on",
        "schools": [school_at(patrol, "school").pk],
    }
    assert bureau.post(edit, data).status_code == 409
    boss.refresh_from_db()
    assert boss.is_admin
    data |= {"is_admin": "on", "may_raise_hazards": "on"}
    assert bureau.post(edit, data).status_code == 303
    entry = AuditEntry.objects.filter(
        model="base.teammember", object_id=str(boss.pk), action="change"
    ).latest("pk")
    assert (entry.before["may_raise_hazards"], entry.after["may_raise_hazards"]) == (False, True)
    assert entry.actor == "zhou"


@pytest.mark.requirement("D01.14")
def test_figures_agree_with_a_hand_count_and_open_their_lists(patrol: Patrol) -> None:
    """Three plans; school: one in time, one late; second: one missed, one waiting, one taken back."""
    county, now = patrol.county, clock.now()
    first, second = patrol.task(title="甲计划"), patrol.task(title="乙计划")
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="丙计划"))
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="丁计划"))
    activate_plan(patrol.bureau, patrol.plan([patrol.fang], ["second"], title="戊计划"))
    tasks = {
        task.round.plan.title: task
        for task in InspectionTask.objects.unscoped().select_related("round__plan")
    }
    patrol.done(first, q1="fail", q2="pass")
    patrol.done(second, q1="fail", q2="fail")
    InspectionTask.unguarded.filter(pk=second.pk).update(late=True)
    InspectionTask.unguarded.filter(pk=tasks["丙计划"].pk).update(due_at=now - timedelta(days=1))
    InspectionTask.unguarded.filter(pk=tasks["戊计划"].pk).update(state="cancelled")
    bureau = browser(patrol.bureau)

    def table(by: str, path: str = "inspections", **query: Any) -> dict[str, list[int]]:
        context = bureau.get(f"/analysis/safety/{path}/", {"by": by, **query}).context
        for row in context["rows"]:
            for number, url in row.cells:
                assert bureau.get("/api" + url).json()["count"] == number, url
        return {row.title: [number for number, _ in row.cells] for row in context["rows"]}

    assert table("school") == {"school": [2, 2, 1, 0], "second": [2, 0, 0, 1]}
    assert table("inspector") == {"lin": [2, 2, 1, 0], "fang": [2, 0, 0, 1]}
    assert table("town") == {"town": [2, 2, 1, 0], "other_town": [2, 0, 0, 1]}
    assert table("plan")["丙计划"] == [1, 0, 0, 1]
    assert sum(row[0] for row in table("month").values()) == 4
    assert table("section", "findings") == {"消防": [3, 3, 0]}
    cards = {card["title"]: card for card in bureau.get("/analysis/safety/findings/").context["cards"]}
    worst = {item.title: item.value for item in cards["最常不合格的检查内容"]["slices"]}
    assert worst == {"灭火器": 2, "通道": 1}
    for card in cards.values():
        for item in card["slices"]:
            assert bureau.get("/api" + item.url).json()["count"] == item.value, item.url

    town = browser(county.actor("officer", "township_officer", "other_town"))
    assert "计划任务 2 项，已完成 0 项" in text_of(town.get("/analysis/safety/inspections/"))
    empty = bureau.get(
        "/analysis/safety/inspections/", {"due_at_from": "2019-01-01", "due_at_to": "2019-01-31"}
    )
    shown = text_of(empty)
    assert "计划任务 0 项，已完成 0 项，逾期提交 0 项，逾期未交 0 项" in shown
    assert "100" not in shown.split("<main")[1].split("</main>")[0]
    rows = bureau.get("/analysis/safety/inspections/export", {"by": "school"}).content.decode("utf-8-sig")
    assert "完成情况：school,已完成,2" in rows.replace('"', "")
    assert "<svg" in text_of(bureau.get("/analysis/safety/findings/"))


@pytest.mark.requirement("D01.15")
def test_findings_run_in_one_loop_to_their_end(patrol: Patrol) -> None:
    task = patrol.done(patrol.task(), q1="fail", q2="fail")
    hazards = list(Hazard.objects.unscoped().order_by("pk"))
    assert len(hazards) == 2
    assert Message.objects.filter(event="safety.inspection.found", addressee=patrol.school.user).count() == 1
    lin, bureau = browser(patrol.lin), browser(patrol.bureau)
    page = text_of(lin.get(task.get_absolute_url()))
    for hazard, finding in zip(hazards, findings_of(task), strict=True):
        assert hazard.get_absolute_url() in page
        assert hazard.source_url == task.get_absolute_url()
        assert finding.hazard == hazard
    assert "待核实" in page
    Hazard.unguarded.filter(pk=hazards[0].pk).update(state="fixing")
    assert "整改中" in text_of(lin.get(task.get_absolute_url()))
    Hazard.unguarded.update(state="closed", archived_at=clock.now())
    assert text_of(lin.get(task.get_absolute_url())).count("已销号，已归档") == 2

    assert bureau.post(f"{task.get_absolute_url()}act/send_back", {"reason": "补一张照片"}).status_code == 303
    task = InspectionTask.objects.unscoped().get(pk=task.pk)
    patrol.done(task, q1="fail", q2="pass")
    assert Hazard.objects.unscoped().count() == 2
    assert [finding.question for finding in findings_of(task)] == ["q1"]
    assert Message.objects.filter(event="safety.inspection.found", addressee=patrol.school.user).count() == 1

    [finding] = findings_of(task)
    url = finding.get_absolute_url()
    asked = lin.get(f"{url}act/to_incident").context["form"].initial
    said = {
        "category": patrol.mode.category_id,
        "title": asked["title"],
        "happened_at": "2026-01-05T09:00",
        "course": asked["course"],
    }
    for _ in range(2):
        lin.post(f"{url}act/to_incident", said)
        lin.post(f"{url}act/to_notice", {"title": "关于灭火器的通知", "body": "请即整改"})
    finding.refresh_from_db()
    assert (finding.incident.org, finding.incident.source_url) == (task.org, url)
    assert finding.incident.category == patrol.mode.category
    notice = Notice.objects.unscoped().get()
    assert (list(notice.addressees.all()), notice.org.code, notice.state) == ([task.org], "county", "draft")
    assert "待发布：关于灭火器的通知" in text_of(bureau.get("/todos/"))
    assert bureau.post(f"{notice.get_absolute_url()}act/publish").status_code == 303
    shown = text_of(lin.get(task.get_absolute_url()))
    assert "关于灭火器的通知" in shown
    assert "已发布" in shown
    assert "待发布：" not in text_of(bureau.get("/todos/"))
