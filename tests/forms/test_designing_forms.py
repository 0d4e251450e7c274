"""A form designed in the browser, filled on computer and phone, changed under a new version (D12.5)."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from tests.factories import Tree, sign_in
from tests.forms.conftest import PURPOSE


@pytest.fixture
def office(client: Client, keeper: Actor) -> Client:
    return sign_in(client, keeper.user)


def designed(office: Client, *questions: tuple[str, str]) -> forms.FormDefinition:
    """Made with the buttons of the builder: a form, then its questions."""
    made = office.post("/forms/new/", {"title": "食堂情况表", "subject": "食堂"})
    assert made.status_code == 303
    for kind, text in questions:
        sent = {"type": kind, "text": text, "section": "0"}
        assert office.post(f"{made['Location']}edit/add_question/", sent).status_code == 303
    return forms.FormDefinition.unguarded.latest("pk")


def publish(office: Client, form: forms.FormDefinition) -> Any:
    return office.post(f"/forms/{form.pk}/act/publish/")


@pytest.mark.requirement("D12.5")
def test_a_designed_form_is_filled_on_computer_and_phone_and_a_change_leaves_answers_readable(
    office: Client, inspector: Actor, tree: Tree
):
    form = designed(office, ("number", "就餐人数"), ("text", "负责人"))
    assert publish(office, form).status_code == 303
    (version,) = forms.versions_of(form)
    people, keeper_of = [question.uid for question in version.form().questions()]
    desk, phone = sign_in(Client(), inspector.user), sign_in(Client(), inspector.user)
    first = forms.begin(inspector, version, tree.school, PURPOSE)
    sent = {"q": [people, keeper_of], f"q.{people}": "320", f"q.{keeper_of}": "王", "act": "submit"}
    assert desk.post(f"/forms/responses/{first.uid}/", sent).status_code == 303
    second = forms.begin(inspector, version, tree.sister_school, PURPOSE)
    asked = phone.get(f"/forms/versions/{version.pk}.json").json()["content"]["sections"][0]["questions"]
    answers = [{"question": one["uid"], "value": "90"} for one in asked]
    body = json.dumps({"answers": answers})
    answer = phone.post(f"/forms/responses/{second.uid}/submit.json", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert office.post(f"/forms/{form.pk}/edit/remove/", {"uid": keeper_of}).status_code == 303
    assert publish(office, form).status_code == 303
    assert [one.number for one in forms.versions_of(form)] == [2, 1]
    page = desk.get(f"/forms/responses/{first.uid}/").content.decode()
    assert "负责人" in page
    assert "王" in page


@pytest.mark.requirement("D12.5")
def test_a_form_without_fields_or_with_two_of_one_name_is_not_published(office: Client, tree: Tree):
    form = designed(office)
    answer = publish(office, form)
    assert answer.status_code == 422
    assert "还没有检查内容" in answer.content.decode()
    again = designed(office, ("number", "就餐人数"), ("text", "就餐人数"))
    answer = publish(office, again)
    assert answer.status_code == 422
    assert "有两项都叫“就餐人数”" in answer.content.decode()
    again.refresh_from_db()
    assert again.state == "draft"
