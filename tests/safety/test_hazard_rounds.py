"""Rounds, warnings, superiors and numbers of the closed loop."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import create
from anlan.engines.files.api import attach
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks.api import todos_for, watch_deadlines
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.safety.conftest import County
from tests.safety.loops import Loop, listed, photo, signed_in
from tests.safety.patrols import Patrol
from tests.safety.test_hazard_numbers import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(county: County) -> Loop:
    return Loop(county)


def events_of(user: Any, *names: str) -> list[str]:
    """The kinds of message the person got, oldest first."""
    return [message.event for message in messages_for(user).filter(event__in=names).order_by("pk")]


@pytest.mark.requirement("D03.5")
def test_a_rectification_is_tracked_step_by_step(loop: Loop) -> None:
    hazard, warnings = loop.hazard(), ("tasks.remind", "tasks.overdue")
    with pytest.raises(Rejected) as refused:
        perform(loop.bureau, hazard, "confirm", {"grade": "large"})
    assert {"responsible", "due_at"} <= set(refused.value.fields)
    loop.confirm(hazard, days=7)
    for hours in (6 * 24 + 1, 6 * 24 + 2, 7 * 24 + 1, 7 * 24 + 2):
        with clock.moved(clock.now() + timedelta(hours=hours)):
            watch_deadlines()
    assert events_of(loop.school.user, *warnings) == list(warnings)
    perform(loop.school, hazard, "start")
    for values, files in (({"measure": ""}, {"after": 1}), ({"measure": "已清空"}, {})):
        with pytest.raises(Rejected):
            perform(loop.school, hazard, "submit", values, files=files)
    loop.rectify(hazard)
    with pytest.raises(Forbidden):
        perform(loop.school, hazard, "approve")
    perform(loop.bureau, hazard, "send_back", {"opinion": "通道仍不足 1.4 米"})
    assert "通道仍不足 1.4 米" in signed_in(loop.school.user).get(hazard.get_absolute_url()).content.decode()
    loop.rectify(hazard)
    both = loop.county.actor("both", "school_safety", "school")
    Hazard.unguarded.filter(pk=hazard.pk).update(rectified_by=loop.bureau.user)
    hazard.refresh_from_db()
    with pytest.raises(Conflict):
        perform(loop.bureau, hazard, "approve")
    Hazard.unguarded.filter(pk=hazard.pk).update(rectified_by=both.user)
    hazard.refresh_from_db()
    perform(loop.bureau, hazard, "approve")
    made = [(step.move, step.actor) for step in steps_of(hazard)]
    assert made == [
        ("confirm", "zhou"), ("start", "he"), ("submit", "he"), ("send_back", "zhou"), ("submit", "he"),
        ("approve", "zhou"),
    ]  # fmt: skip
    assert all(step.at for step in steps_of(hazard))
    leader = signed_in(loop.county.person("li", "bureau_leader", "county"))
    assert "待复查" in leader.get(hazard.get_absolute_url()).content.decode()


@pytest.mark.requirement("D03.6")
def test_three_rounds_stand_in_order_and_for_good(loop: Loop) -> None:
    hazard = loop.confirm(loop.hazard())
    for number, verdict in enumerate(("fail_recheck", "fail_recheck", "pass_recheck"), 1):
        loop.rectify(hazard, measure=f"第 {number} 次措施")
        perform(loop.bureau, hazard, "approve")
        with pytest.raises(Rejected):
            perform(loop.inspector, hazard, "fail_recheck")
        with pytest.raises(Conflict):
            perform(loop.bureau, hazard, "strike_off")
        perform(loop.inspector, hazard, verdict, {"opinion": f"第 {number} 次意见"})
    page = signed_in(loop.bureau.user).get(hazard.get_absolute_url()).content.decode()
    record = page[page.index('id="rounds_so_far-h"') :]
    said = [f"第 {n} {words}" for n in (1, 2, 3) for words in ("轮 提交整改", "次措施", "轮照片 1", "次意见")]
    said = [words.replace("轮照片", "轮照片") for words in said]
    places = [record.index(words) for words in said]
    assert places == sorted(places)
    assert record.count("lin") >= 3
    assert hazard.rounds == 3
    step = steps_of(hazard).first()
    with pytest.raises(Conflict):
        step.save()
    with pytest.raises(Conflict):
        step.delete()
    client = signed_in(loop.bureau.user)
    assert client.delete(f"/api{hazard.get_absolute_url()}").status_code in (404, 405)
    body = {"version": hazard.version, "values": {"opinion": "改写", "measure": "改写"}}
    answer = client.patch(f"/api/safety/hazards/{hazard.pk}", body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.requirement("D03.8")
def test_a_failed_recheck_comes_back_as_reminder_and_focus(county: County) -> None:
    patrol = Patrol(county)
    near = county.actor("mei", "inspector", "school")
    far = county.actor("tang", "inspector", "second")
    hazard = create(
        patrol.lin, Hazard(org=county.units["school"], title="通道堆放", category=county.category)
    )
    said = {"grade": "large", "responsible": "何静", "due_at": clock.now() + timedelta(days=7)}
    perform(patrol.bureau, hazard, "confirm", said)
    perform(patrol.school, hazard, "submit", {"measure": "已清"}, files={"after": 1})
    perform(patrol.bureau, hazard, "approve")
    perform(patrol.lin, hazard, "fail_recheck", {"opinion": "仍有"})
    reminder = todos_for(near.user).get(kind="safety.hazards.reinspect")
    assert reminder.title == "school：通道堆放（第 1 轮未整改到位）"
    assert "通道堆放" in signed_in(near.user).get("/todos/").content.decode()
    assert not todos_for(far.user).exists()
    plan = patrol.plan([patrol.lin], ["school"])
    page = signed_in(patrol.bureau.user).get(plan.get_absolute_url()).content.decode()
    assert "关注隐患" in page
    assert "通道堆放" in page[page.index("关注隐患") :]
    other = patrol.plan([patrol.lin], ["second"], title="另一所")
    assert "通道堆放" not in signed_in(patrol.bureau.user).get(other.get_absolute_url()).content.decode()
    perform(patrol.school, hazard, "submit", {"measure": "又清"}, files={"after": 1})
    perform(patrol.bureau, hazard, "approve")
    perform(patrol.lin, hazard, "pass_recheck")
    assert not todos_for(near.user).filter(kind="safety.hazards.reinspect").exists()


@pytest.mark.requirement("P.13")
def test_a_hazard_goes_round_and_lateness_climbs_level_by_level(loop: Loop) -> None:
    head = loop.county.person("gao", "school_head", "school")
    leader = loop.county.person("li", "bureau_leader", "county")
    above = loop.county.person("sheng", "unit_admin", "city")
    hazard = loop.hazard()
    early = {"grade": "large", "responsible": "何静", "due_at": hazard.found_at - timedelta(minutes=1)}
    with pytest.raises(Rejected):
        perform(loop.bureau, hazard, "confirm", early)
    loop.confirm(hazard, days=7)
    due = hazard.due_at
    assert due is not None
    told: list[list[str]] = []
    for days in (0.1, 2.1, 4.1, 6.1, 30):
        with clock.moved(due + timedelta(days=days)):
            watch_deadlines()
        told.append(
            [user.username for user in (loop.school.user, head, loop.bureau.user, leader, above)
             if events_of(user, "tasks.overdue", "tasks.escalate")]
        )  # fmt: skip
    assert told == [
        ["he", "gao"], ["he", "gao"], ["he", "gao", "zhou", "li"], ["he", "gao", "zhou", "li", "sheng"],
        ["he", "gao", "zhou", "li", "sheng"],
    ]  # fmt: skip
    assert events_of(leader, "tasks.overdue", "tasks.escalate") == ["tasks.escalate"]
    with pytest.raises(Rejected):
        perform(loop.school, hazard, "submit", {"measure": "已清空"})
    loop.rectify(hazard)
    Hazard.unguarded.filter(pk=hazard.pk).update(rectified_by=loop.bureau.user)
    hazard.refresh_from_db()
    for name in ("approve", "send_back"):
        with pytest.raises(Conflict):
            perform(loop.bureau, hazard, name, {"opinion": "x"} if name == "send_back" else {})
    Hazard.unguarded.filter(pk=hazard.pk).update(rectified_by=loop.school.user)
    hazard.refresh_from_db()
    perform(loop.bureau, hazard, "approve")
    perform(loop.inspector, hazard, "pass_recheck")
    perform(loop.bureau, hazard, "strike_off")
    history = signed_in(loop.bureau.user).get(hazard.get_absolute_url()).context["events"]
    replay = [(event.title, event.who) for event in reversed(history) if event.title != "上传附件"]
    assert replay == [
        ("登记", "lin"), ("确认隐患", "zhou"), ("提交整改", "he"), ("审核通过", "zhou"), ("复查合格", "lin"),
        ("销号", "zhou"),
    ]  # fmt: skip
    other = loop.hazard()
    everybody = [loop.bureau, loop.school, loop.inspector, loop.county.actor("ua", "unit_admin", "county")]
    for actor in everybody:
        client = signed_in(actor.user)
        assert client.delete(other.get_absolute_url()).status_code == 405
        assert client.delete(f"/api/safety/hazards/{other.pk}").status_code in (403, 404, 405)
    with pytest.raises(Conflict):
        other.delete()
    with pytest.raises(Rejected):
        perform(loop.bureau, other, "cancel")
    with pytest.raises(Forbidden):
        perform(loop.school, other, "cancel", {"opinion": "重复"})
    perform(loop.bureau, other, "cancel", {"opinion": "重复登记"})
    assert Hazard.objects.unscoped().get(pk=other.pk).opinion == "重复登记"
    counted = table(loop.bureau.user, "org")["合计"]
    assert (counted[0], counted[4]) == (2, 1)
    assert table(loop.bureau.user, "month")["合计"] == table(loop.bureau.user, "source")["合计"] == counted


@pytest.mark.requirement("S08.3")
def test_the_person_it_was_given_to_rectifies_from_the_phone(loop: Loop) -> None:
    teacher = loop.county.person("jiao", "staff", "school")
    hazard, phone = loop.confirm(loop.hazard()), signed_in(teacher)
    url = hazard.get_absolute_url()
    assert phone.get(url).status_code == 404
    outsider = loop.county.person("wai", "staff", "second")
    with pytest.raises(Rejected):
        perform(loop.school, hazard, "assign", {"rectifier": outsider})
    hazard.refresh_from_db()
    answer = signed_in(loop.school.user).post(f"{url}move/assign", {"rectifier": teacher.pk})
    assert answer.status_code == 303
    assert hazard.title in phone.get("/todos/").content.decode()
    assert listed(teacher, "/safety/hazards/", "open=1&mine=1") == [hazard.number]
    form = phone.get(url).context["turn"]["form"]
    assert {"before", "after", "measure"} <= set(form.fields)
    refused = phone.post(f"{url}move/submit", {"measure": "换了新锁"})
    assert refused.status_code == 422
    sent = {"measure": "换了新锁", "before": photo("a.jpg"), "after": photo("b.jpg", "green")}
    assert phone.post(f"{url}move/submit", sent).status_code == 303
    assert not todos_for(teacher).exists()
    hazard.refresh_from_db()
    assert (hazard.state, hazard.rectified_by) == ("submitted", teacher)
    desk = signed_in(loop.bureau.user).get(url).content.decode()
    assert "换了新锁" in desk
    assert desk.count("/thumb") >= 2
    perform(loop.bureau, hazard, "send_back", {"opinion": "锁的位置不对"})
    page = phone.get(url)
    assert "锁的位置不对" in page.content.decode()
    assert page.context["turn"]["post"] == f"{url}move/submit"
    assert hazard.title in phone.get("/todos/").content.decode()
    assert "safety.hazard.returned" in events_of(teacher, "safety.hazard.returned")
    attach(loop.school, hazard, photo(), "after")
    assert phone.post(f"{url}move/approve").status_code == 403
