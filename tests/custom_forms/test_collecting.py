"""Issued, filled in, handed in once, returned, late, closed, taken back; prefilled; urged (D12.8)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.base.audiences import schools_meant
from anlan.domains.custom_forms.filling import choose, issue, open_sheet, send_back, urge_open
from anlan.domains.custom_forms.plan_registers import standings_of
from anlan.domains.custom_forms.plans import Collection
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import AnswerIn, Filling, Question, publish, put_on, save_answers, submit
from anlan.engines.messaging.api import messages_for
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import Report, cancel_plan, todos_for, traces
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.custom_forms.conftest import Bureau
from tests.factories import a_user, sign_in

SIX = ["3", "4", "7", "1", "2", "2"]


def numbers(plan: Any) -> dict[str, int]:
    return {title: number for title, number, _ in standings_of(plan.rounds.get())}


def opened(client: Client, url: str) -> str:
    found = client.get(url, follow=True)
    assert found.status_code == 200, (url, found.status_code)
    return found.content.decode().split("<main")[1]


def listed(client: Client, url: str) -> list[str]:
    """Addresses of the tasks a list shows."""
    return re.findall(r'href="(/custom-forms/tasks/\d+/)"', opened(client, url))


def test_a_school_fills_in_on_its_page_from_the_to_do_to_the_receipt(bureau: Bureau, client: Client):
    plan = bureau.issued()
    head = bureau.heads["S1"]
    (todo,) = todos_for(head)
    assert (todo.verb, todo.url) == ("填报", bureau.task(plan).get_absolute_url())
    school = sign_in(client, head)
    page = opened(school, todo.url)
    assert "填报" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    answer = school.post(f"{todo.url}act/fill", {"key": key[1]} if key else {})
    sheet = answer["Location"]
    assert sheet.startswith("/forms/responses/")
    assert "池店一小" in opened(school, sheet)  # the name was known beforehand
    cells = dict(zip(("B4", "C4", "D4", "B5", "C5", "D5"), SIX, strict=True))
    sent = {"q": list(cells), **{f"q.{at}": value for at, value in cells.items()}}
    assert school.post(sheet, {**sent, "act": "save"}).status_code == 303
    assert numbers(plan)["填写中"] == 1
    assert school.post(sheet, {**sent, "act": "submit"}).status_code == 303
    again = school.post(sheet, {**sent, "act": "submit"})
    assert again.status_code in (303, 403, 409)
    task = bureau.task(plan)
    assert task.standing == ("done", "已提交")
    assert traces(Report, task).count() == 1
    assert not todos_for(head).exists()


@pytest.mark.requirement("D12.8")
def test_every_standing_is_counted_and_opens_its_list(bureau: Bureau, client: Client):
    plan = bureau.issued("S1", "S2", "S3")
    bureau.hand_in(bureau.task(plan, "S1"), SIX)
    task = bureau.task(plan, "S2")
    bureau.hand_in(task, SIX)
    send_back(bureau.actor, bureau.task(plan, "S2"), "数字不对")
    assert numbers(plan) == {"应填": 3, "已提交": 1, "未打开": 1, "已退回": 1}
    office = sign_in(client, bureau.clerk)
    for title, number, url in standings_of(plan.rounds.get()):
        assert len(listed(office, url)) == number, title
    assert "看汇总" in opened(office, plan.get_absolute_url())


def test_a_returned_sheet_keeps_the_old_version_and_can_be_handed_in_again(bureau: Bureau, client: Client):
    plan = bureau.issued()
    bureau.hand_in(bureau.task(plan), SIX, note="第一次")
    with pytest.raises(Rejected):
        send_back(bureau.actor, bureau.task(plan), " ")
    task = send_back(bureau.actor, bureau.task(plan), "完好数多于总数", clock.now() + timedelta(days=9))
    assert task.standing == ("back", "已退回")
    assert "完好数多于总数" in messages_for(bureau.heads["S1"]).first().text  # type: ignore[union-attr]
    bureau.hand_in(bureau.task(plan), ["9", "9", "9", "9", "9", "9"], note="第二次")
    task = bureau.task(plan)
    assert task.standing == ("done", "已提交")
    school = sign_in(client, bureau.heads["S1"])
    first, second = (opened(school, f"{task.get_absolute_url()}reports/{number}/") for number in (1, 2))
    assert "第一次" in first
    assert "第二次" not in first
    assert "第二次" in second


def test_a_sheet_is_handed_in_once_whoever_sends_it_first(bureau: Bureau):
    plan = bureau.issued()
    task = bureau.task(plan)
    response = bureau.hand_in(task, SIX)
    with pytest.raises(Conflict):
        submit(Actor.person(bureau.heads["S1"], "web"), response)
    with pytest.raises((Conflict, Forbidden)):
        save_answers(Actor.person(bureau.heads["S1"], "web"), response, [AnswerIn("B4", "5")])
    assert traces(Report, task).count() == 1


@pytest.mark.requirement("D12.8")
@pytest.mark.parametrize("late_allowed", [True, False])
def test_after_the_deadline_a_sheet_is_late_or_refused_as_the_bureau_said(bureau: Bureau, late_allowed: bool):
    plan = bureau.issued(late_allowed=late_allowed)
    task = bureau.task(plan)
    actor = Actor.person(bureau.heads["S1"], "web")
    response = open_sheet(actor, task)
    save_answers(
        actor,
        response,
        [AnswerIn(at, n) for at, n in zip(("B4", "C4", "D4", "B5", "C5", "D5"), SIX, strict=True)],
    )
    Collection.unguarded.filter(pk=task.pk).update(due_at=clock.now() - timedelta(hours=1))
    if late_allowed:
        submit(actor, response)
        assert bureau.task(plan).standing == ("late", "逾期提交")
        return
    with pytest.raises(Conflict, match="截止"):
        submit(actor, response)
    assert bureau.task(plan).standing == ("late", "逾期未交")
    with pytest.raises(Conflict, match="截止"):
        open_sheet(Actor.person(bureau.heads["S2"], "web"), _late(bureau, plan))


def _late(bureau: Bureau, plan: Any) -> Collection:
    Collection.unguarded.filter(round__plan=plan).update(due_at=clock.now() - timedelta(hours=1))
    return bureau.task(plan, "S2")


def test_taking_a_collection_back_leaves_nothing_on_desks(bureau: Bureau):
    plan = bureau.issued()
    bureau.hand_in(bureau.task(plan, "S1"), SIX)
    assert cancel_plan(bureau.actor, plan, "改到下月") == 2
    assert not todos_for(bureau.heads["S2"]).exists()
    with pytest.raises(Conflict, match="撤回"):
        open_sheet(Actor.person(bureau.heads["S2"], "web"), bureau.task(plan, "S2"))


def test_urging_reaches_only_those_who_have_not_handed_in(bureau: Bureau):
    plan = bureau.issued()
    bureau.hand_in(bureau.task(plan, "S1"), SIX)
    before = {code: messages_for(head).count() for code, head in bureau.heads.items()}
    assert urge_open(bureau.actor, plan) == 2
    after = {code: messages_for(head).count() for code, head in bureau.heads.items()}
    assert {code for code in after if after[code] > before[code]} == {"S2", "S3"}
    with pytest.raises(Conflict):
        urge_open(bureau.actor, plan)


def test_only_schools_of_the_scope_are_asked_and_each_once(bureau: Bureau):
    plan = bureau.plan()
    with pytest.raises(Rejected):
        choose(bureau.actor, plan, {"named": [bureau.tree.far_school]})
    with pytest.raises(Rejected):
        choose(bureau.actor, plan, {})
    with pytest.raises(Rejected):
        issue(bureau.actor, plan)
    choose(bureau.actor, plan, {"kinds": ["primary"], "named": [bureau.tree.school]})
    issue(bureau.actor, plan)
    assert Collection.unguarded.filter(round__plan=plan).count() == 3
    assert schools_meant(bureau.county.path, True, (), OrgUnit.objects.none()).count() == 3


def test_a_strange_school_or_bureau_sees_nothing_and_a_school_issues_nothing(bureau: Bureau, client: Client):
    plan = bureau.issued("S1")
    task = bureau.task(plan)
    response = bureau.hand_in(task, SIX)
    stranger = sign_in(client, bureau.heads["S2"])
    for url in (
        task.get_absolute_url(),
        f"{task.get_absolute_url()}reports/1/",
        f"/forms/responses/{response.uid}/",
    ):
        assert stranger.get(url).status_code == 404, url
    assert stranger.get(plan.get_absolute_url()).status_code == 403
    other = sign_in(Client(), a_user("bureau_safety", bureau.tree.other_county))
    for url in ("", "summary/", "cells/B4/"):
        assert other.get(plan.get_absolute_url() + url).status_code == 404, url
    assert other.post(f"{plan.get_absolute_url()}summary/export/").status_code == 404
    looker = sign_in(Client(), a_user("bureau_viewer", bureau.county))
    assert looker.get(f"{plan.get_absolute_url()}summary/").status_code == 200
    assert looker.post(f"{plan.get_absolute_url()}summary/export/").status_code == 403


def test_a_form_changed_later_is_for_new_collections_only(bureau: Bureau):
    first = bureau.issued("S1")
    put_on(bureau.actor, bureau.form, ["B8"], Question("x", "text", "备注", required=False))
    publish(bureau.actor, bureau.form)
    second = bureau.issued("S1", title="第二次")
    kinds = [plan.form_version.form().by_uid()["B8"].type for plan in (first, second)]
    assert kinds == ["long_text", "text"]
    assert (
        open_sheet(Actor.person(bureau.heads["S1"], "web"), bureau.task(first)).form_version
        == first.form_version
    )


def test_what_the_platform_knows_of_the_school_stands_there_already(bureau: Bureau):
    form = bureau.form
    put_on(
        bureau.actor,
        form,
        ["E7"],
        Question("x", "number", "在校学生", filling=Filling(known="school_pupils")),
    )
    publish(bureau.actor, form)
    plan = bureau.issued("S2")
    response = open_sheet(Actor.person(bureau.heads["S2"], "web"), bureau.task(plan, "S2"))
    said = dict(response.answers.values_list("question", "value"))
    assert (said["B7"], said["E7"]) == ("池店二小", "200")
