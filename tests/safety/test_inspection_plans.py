"""Forms, modes, plans and rounds of inspection, as their entries ask (D01.3-D01.6)."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.engines.forms.api import add_form, copy_form, publish, save_content, withdraw
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import generate_rounds, run_plans, watch_deadlines
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.safety.conftest import County
from tests.safety.patrols import Patrol, browser, question, said, text_of

pytestmark = pytest.mark.django_db
PLANS, TASKS, MODES = "/safety/inspection-plans/", "/safety/inspections/", "/safety/inspection-modes/"


@pytest.fixture
def patrol(county: County) -> Patrol:
    """The cast."""
    return Patrol(county)


def tasks(**lookup: Any) -> Any:
    """Tasks there are."""
    return InspectionTask.objects.unscoped().filter(**lookup)


@pytest.mark.requirement("D01.3")
def test_a_form_in_use_is_versioned_and_checked(patrol: Patrol) -> None:
    county = patrol.county.units["county"]
    issued = patrol.task()
    save_content(
        patrol.bureau,
        patrol.form,
        {"sections": [{"title": "消防", "questions": [question("q1", "压力表在绿区")]}]},
    )
    publish(patrol.bureau, patrol.form)
    patrol.form.refresh_from_db()
    fresh = patrol.task(title="二季度巡查")
    lin = browser(patrol.lin)
    old, new = (text_of(lin.get(f"/forms/versions/{task.form_version_id}/")) for task in (issued, fresh))
    assert ("灭火器" in old, "压力表在绿区" in old) == (True, False)
    assert ("灭火器" in new, "压力表在绿区" in new) == (False, True)
    done = patrol.done(issued, q1="pass", q2="pass")
    for page in (done.get_absolute_url(), f"/forms/responses/{done.response.uid}/print/"):
        shown = text_of(lin.get(page))
        assert "灭火器" in shown
        assert "压力表在绿区" not in shown

    with pytest.raises(Rejected) as lacking:
        hand_in(patrol.lin, open_sheet(patrol.lin, fresh), [])
    assert "q1" in lacking.value.fields
    with pytest.raises(Rejected):
        publish(patrol.bureau, add_form(patrol.bureau, county, title="空表", subject="消防"))
    twin = copy_form(patrol.bureau, patrol.form, county)
    publish(patrol.bureau, twin)
    withdraw(patrol.bureau, patrol.form)
    with pytest.raises(Rejected) as gone:
        activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["school"], title="用停用的表"))
    assert gone.value.fields == {"form": ["请选择在用的检查表"]}
    twin.refresh_from_db()
    assert patrol.task(title="用复制的表", form=twin).form_version.definition == twin


@pytest.mark.requirement("D01.4")
def test_a_mode_rules_the_plans_made_under_it(patrol: Patrol) -> None:
    bureau = browser(patrol.bureau)
    form = text_of(bureau.get(MODES + "new"))
    assert "巡查员" in form
    other = patrol.published("食堂检查表")
    strict = patrol.make_mode(
        title="严格抽查", source="spot", photos=1, raises_hazards=False, roles=["inspector"]
    )
    strict.forms.set([patrol.form])
    with pytest.raises(Rejected) as wrong_form:
        activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["school"], mode=strict, form=other))
    assert wrong_form.value.fields == {"form": ["这种巡查模式不能用这张检查表"]}
    plan = patrol.plan([patrol.school], ["school"], mode=strict)
    refused = bureau.post(f"{PLANS}{plan.pk}/act/issue")
    assert refused.status_code == 422
    assert "没有这种巡查模式要求的角色" in refused.content.decode()

    routine, spot = patrol.task(), patrol.task(title="抽查计划", mode=strict)
    with pytest.raises(Rejected) as lacking:
        patrol.done(spot, q1="pass", q2="pass")
    assert "照片" in lacking.value.fields["photos"][0]
    patrol.done(routine, q1="pass", q2="fail")
    assert (Hazard.objects.unscoped().count(), Finding.objects.unscoped().count()) == (1, 1)
    assert "模式" in text_of(bureau.get(TASKS))
    listed = bureau.get("/api" + TASKS, {"round__plan__mode": strict.pk}).json()
    assert [row["name"] for row in listed["results"]] == ["抽查计划"]

    assert bureau.post(f"{MODES}{strict.pk}/archive").status_code == 409
    strict.refresh_from_db()
    assert strict.archived_at is None
    edited = bureau.get(f"{MODES}{strict.pk}/edit").context["form"]
    data = {name: value for name, value in edited.initial.items() if value not in (None, False)}
    data |= {"forms": [patrol.form.pk], "roles": ["inspector"], "disabled": "on", "idempotency": "a"}
    assert bureau.post(f"{MODES}{strict.pk}/edit", data).status_code == 303
    strict.refresh_from_db()
    assert strict.disabled
    with pytest.raises(Rejected) as disabled:
        activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["school"], mode=strict))
    assert disabled.value.fields["mode"] == ["这种巡查模式已停用"]


@pytest.mark.requirement("D01.5")
def test_a_plan_is_assigned_followed_and_reminded_of(patrol: Patrol) -> None:
    bureau, third = browser(patrol.bureau), patrol.county.units["town"]
    assert third is not None
    plan = patrol.plan(
        [patrol.lin, patrol.fang], ["school", "second", "town"], everybody=True, remind_hours=48
    )
    activate_plan(patrol.bureau, plan)
    assert tasks().count() == 6
    for who in (patrol.lin, patrol.fang):
        assert Message.objects.filter(event="tasks.assigned", addressee=who.user).count() == 1

    due = tasks().first().due_at
    for moment, told in ((due - timedelta(hours=49), 0), (due - timedelta(hours=47), 3), (due, 3)):
        with clock.moved(moment - timedelta(seconds=1)):
            watch_deadlines()
        assert Message.objects.filter(event="tasks.remind", addressee=patrol.lin.user).count() == told

    patrol.done(tasks(assignee=patrol.lin.user).first(), q1="pass", q2="pass")
    listed = text_of(bureau.get(PLANS, {"q": "一季度"}))
    assert "1 / 6" in listed
    assert "一季度巡查" not in text_of(bureau.get(PLANS, {"q": "二季度"}))
    assert text_of(bureau.get(f"{PLANS}{plan.pk}/")).count("<td>第 1 轮</td>") == 6

    with pytest.raises(Rejected) as reversed_period:
        patrol.plan([patrol.lin], ["school"], ends_on=clock.today() - timedelta(days=1))
    assert "ends_on" in reversed_period.value.fields
    said_of = {
        "schools": patrol.plan([patrol.lin], []),
        "inspectors": patrol.plan([], ["school"]),
        "form": patrol.plan([patrol.lin], ["school"], form=add_form(
            patrol.bureau, patrol.county.units["county"], title="草稿表", subject="消防"
        )),
    }  # fmt: skip
    for field, faulty in said_of.items():
        refused = bureau.post(f"{PLANS}{faulty.pk}/act/issue")
        assert refused.status_code == 422, field
    foreign = patrol.plan([patrol.lin], ["foreign"])
    refused = bureau.post(f"{PLANS}{foreign.pk}/act/issue")
    assert refused.status_code == 422
    assert "foreign不在您的管理范围内" in refused.content.decode()
    assert tasks().count() == 6
    no_form = {"org": plan.org_id, "title": "没有检查表", "mode": plan.mode_id, "starts_on": "2030-01-01"}
    assert bureau.post(PLANS + "new", no_form).status_code == 422


@pytest.mark.requirement("D01.6")
def test_a_weekly_plan_yields_its_rounds_and_lapses_are_listed(patrol: Patrol) -> None:
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())

    def moment(day: date, hour: int = 8) -> datetime:
        return datetime.combine(day, time(hour), clock.zone())

    with clock.moved(moment(monday)):
        plan = patrol.plan(
            [patrol.lin], ["school"], repeat="weekly", starts_on=monday, ends_on=monday + timedelta(days=27),
            deadline_days=4, skip_holidays=True,
        )  # fmt: skip
        activate_plan(patrol.bureau, plan)
    with clock.moved(moment(monday + timedelta(days=26))):
        run_plans()
        run_plans()
        assert generate_rounds(plan) == []
    dues = [task.due_at.astimezone(clock.zone()) for task in tasks().order_by("due_at")]
    fridays = [monday + timedelta(days=7 * week + 4) for week in range(4)]
    assert dues == [moment(friday, 17) for friday in fridays]

    first, second = tasks().order_by("due_at")[:2]
    with clock.moved(second.due_at - timedelta(hours=1)):
        patrol.done(second, q1="pass", q2="pass")
    with clock.moved(first.due_at + timedelta(days=2, hours=1)):
        patrol.done(first, q1="pass", q2="pass")
    third = tasks().order_by("due_at")[2]
    with clock.moved(third.due_at + timedelta(days=2, hours=1)):
        bureau = browser(patrol.bureau)
        listed = text_of(bureau.get("/safety/lapses/"))
        assert [word in listed for word in ("未检查", "逾期提交", "school", "lin")] == [True] * 4
        [row, late] = bureau.get("/api/safety/lapses/", {"sort": "-due_at"}).json()["results"]
        assert [(one["late_by"], one["assignee_text"], one["org_text"]) for one in (row, late)] == [
            (3, "lin", "school"), (3, "lin", "school"),
        ]  # fmt: skip
        assert bureau.get("/api/safety/lapses/", {"overdue": 1}).json()["count"] == 1
        watch_deadlines()
        assert "未按要求完成" in text_of(bureau.get("/"))
    assert Message.objects.filter(event="tasks.overdue", addressee=patrol.lin.user).count() >= 1

    for interval in (0, -3):
        with pytest.raises(Rejected) as refused:
            patrol.plan([patrol.lin], ["school"], repeat="interval", interval_days=interval)
        assert "interval_days" in refused.value.fields


def test_a_mode_that_nobody_used_may_be_put_away(patrol: Patrol) -> None:
    unused = patrol.make_mode(title="没用过的")
    assert browser(patrol.bureau).post(f"{MODES}{unused.pk}/archive").status_code in (302, 303)
    unused.refresh_from_db()
    assert unused.archived_at is not None


def test_a_later_round_without_anybody_entitled_is_told(patrol: Patrol) -> None:
    plan = patrol.plan([patrol.lin], ["school"], repeat="daily", ends_on=clock.today() + timedelta(days=3))
    activate_plan(patrol.bureau, plan)
    patrol.lin.user.grants.all().delete()
    with clock.moved(clock.now() + timedelta(days=1)):
        run_plans()
    assert tasks().count() == 1
    assert Message.objects.filter(event="safety.plan.unmanned", addressee=patrol.bureau.user).count() == 1


def test_handing_in_twice_with_other_answers_is_refused(patrol: Patrol) -> None:
    task = patrol.done(patrol.task(), q1="pass", q2="pass")
    with pytest.raises(Conflict):
        hand_in(patrol.lin, task.response, said(q1="fail", q2="pass"))
