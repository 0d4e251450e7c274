"""What phones get and send (D01.8, D11.9): everything for offline use, stored once, refused with words."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.composing import changed_question
from anlan.engines.forms.purposes import Purpose, purposes
from anlan.kernel import ids
from tests.factories import Tree, a_grant, a_role, a_user, sign_in
from tests.forms.conftest import FILL, PURPOSE, VIEW


@pytest.fixture
def phone(client: Client, inspector: Actor) -> Client:
    return sign_in(client, inspector.user)


def send(client: Client, response: forms.Response, act: str, body: Any) -> Any:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(f"/forms/responses/{response.uid}/{act}.json", data, "application/json")


def answers(**values: str) -> dict[str, Any]:
    return {
        "answers": [
            {
                "uid": str(ids.new_uid()),
                "question": question,
                "value": value,
                "at": "2026-01-20T09:10:00+08:00",
            }
            for question, value in values.items()
        ]
    }


WHOLE = {"q1": "pass", "q2": "pass", "q3": "not_applicable"}


def test_a_version_brings_all_it_takes_offline(phone: Client, version: Any, response: Any):
    found = phone.get(f"/forms/versions/{version.pk}.json")
    assert found.status_code == 200
    body = found.json()
    assert (body["title"], body["number"], body["checksum"]) == ("开学检查表", 1, version.checksum)
    first = body["content"]["sections"][0]["questions"][0]
    assert first["text"] == "灭火器压力在绿区"
    assert first["evidence"] == [{"when": ["fail"], "photos": 1, "note": True, "either": False}]
    assert [choice["code"] for choice in first["choices"]] == ["pass", "fail", "not_applicable"]
    assert found["Cache-Control"] == "no-store"


def test_a_version_is_read_by_those_it_concerns_only(
    client: Client, tree: Tree, version: Any, response: Any, inspector: Actor
):
    address = f"/forms/versions/{version.pk}.json"
    assert sign_in(client, a_user("guard", tree.school)).get(address).status_code == 404
    assert sign_in(client, a_user("bureau_safety", tree.other_county)).get(address).status_code == 404
    assert sign_in(client, inspector.user).get(address).status_code == 200
    client.logout()
    assert client.get(address).status_code == 302


def test_the_same_result_sent_twice_is_stored_once(phone: Client, response: Any):
    body = {**answers(**WHOLE), "submitted_at": "2026-01-20T09:30:00+08:00"}
    first, again = send(phone, response, "submit", body), send(phone, response, "submit", body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["state"] == again.json()["state"] == "submitted"
    assert response.answers.count() == 3
    response.refresh_from_db()
    assert response.phone_submitted_at.isoformat() == "2026-01-20T01:30:00+00:00"
    assert response.answers.first().at.isoformat() == "2026-01-20T01:10:00+00:00"
    other = send(phone, response, "submit", answers(q1="fail"))
    assert other.status_code == 409
    assert response.answers.get(question="q1").value == "pass"


def test_a_repeated_submission_is_answered_though_the_task_is_over(
    phone: Client, response: Any, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
):
    over = Purpose(PURPOSE, "试查", VIEW, FILL, may_fill=lambda user, response: response.is_open)
    monkeypatch.setitem(purposes._items, PURPOSE, over)
    body = answers(**WHOLE)
    assert send(phone, response, "submit", body).status_code == 200
    again = send(phone, response, "submit", body)
    assert (again.status_code, again.json()["state"]) == (200, "submitted")
    assert send(phone, response, "submit", answers(q1="fail")).status_code in (403, 409)
    assert response.answers.count() == 3


def test_a_form_changed_meanwhile_keeps_the_answers_and_says_so(
    phone: Client, keeper: Actor, definition: Any, version: Any, response: Any
):
    forms.save_content(keeper, definition, changed_question(definition.form(), "q1", text="改了"))
    forms.publish(keeper, definition)
    assert send(phone, response, "submit", answers(**WHOLE)).json()["changed_meanwhile"] is True
    assert response.answers.count() == 3


def test_a_draft_tells_what_is_missing_and_which_pictures_are_awaited(phone: Client, response: Any):
    body = answers(q1="fail")
    body["answers"][0]["photos"] = [picture := str(ids.new_uid())]
    found = send(phone, response, "answers", body).json()
    assert found["stored"] == ["q1"]
    assert found["awaited"] == {"q1": [picture]}
    assert found["missing"] == {"q1": ["请写明情况"], "q2": ["请填写这一项"], "q3": ["请填写这一项"]}
    kept = phone.get(f"/forms/responses/{response.uid}.json").json()
    assert kept["answers"][0]["photos"] == [picture]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 5000,
        {"answers": {}},
        {"answers": [{}]},
        {"answers": [{"question": "q1", "value": "pass", "evil": 1}]},
        {"answers": [{"question": "q1", "value": {"$gt": ""}}]},
        {"answers": [{"question": "q1' OR 1=1 --", "value": "pass"}]},
        {"answers": [{"question": "q1", "value": "pass", "at": "2026-01-20T09:10:00"}]},
        {"answers": [{"question": "q1", "value": "pass", "photos": ["../../x"]}]},
        {"answers": [{"question": "q1", "value": "pass", "note": "坏\x00"}]},
        {"answers": [{"question": "q1", "value": "pass", "note": "长" * 3000}]},
        {"answers": [{"question": "q1", "value": "pass", "score": "1e99"}]},
        {"answers": [{"question": "q1", "value": "pass", "uid": 7}]},
        {"answers": [{"question": "q1", "value": "pass"}] * 1001},
        {"answers": [], "signature": {"a": 1}},
        {"answers": [], "location": ["x"]},
        {"answers": [], "submitted_at": "soon"},
    ],
)
@pytest.mark.parametrize("act", ["answers", "submit"])
def test_what_is_malformed_is_refused_and_nothing_is_stored(
    phone: Client, response: Any, act: str, body: Any
):
    found = send(phone, response, act, body)
    assert found.status_code in (200, 422)
    assert (found.status_code == 200) == (act == "answers" and body != {} and ends_only(body))
    assert not response.answers.exists()


def ends_only(body: Any) -> bool:
    """Bodies whose fault lies in what only a submission reads."""
    return isinstance(body, dict) and body["answers"] == []


def test_script_in_a_note_comes_back_as_text(phone: Client, response: Any):
    body = answers(q1="pass")
    body["answers"][0]["note"] = "<script>alert(1)</script>"
    send(phone, response, "answers", body)
    assert response.answers.get().note == "<script>alert(1)</script>"


def test_others_find_nothing_and_readers_may_not_write(
    client: Client, tree: Tree, response: Any, purpose: Purpose
):
    reader = a_user(unit=tree.county)
    a_grant(reader, a_role("looker", VIEW).code, tree.county)
    sign_in(client, reader)
    assert client.get(f"/forms/responses/{response.uid}.json").status_code == 200
    assert send(client, response, "answers", answers(q1="pass")).status_code == 403
    far = a_user(unit=tree.other_county)
    a_grant(far, a_role("far", VIEW, FILL).code, tree.other_county)
    sign_in(client, far)
    assert client.get(f"/forms/responses/{response.uid}.json").status_code == 404
    for act in ("answers", "submit", "files"):
        assert send(client, response, act, answers(q1="pass")).status_code == 404
    assert not response.answers.exists()


def test_a_purpose_nobody_declared_lets_nobody_in(phone: Client, response: Any, monkeypatch: Any):
    monkeypatch.delitem(purposes._items, PURPOSE)
    assert phone.get(f"/forms/responses/{response.uid}.json").status_code == 404


def test_a_purpose_may_close_a_response_without_losing_it(phone: Client, response: Any, monkeypatch: Any):
    closed = Purpose(PURPOSE, "试查", VIEW, FILL, lambda user, response: False)
    monkeypatch.setitem(purposes._items, PURPOSE, closed)
    assert send(phone, response, "submit", answers(**WHOLE)).status_code == 403
    assert phone.get(f"/forms/responses/{response.uid}.json").status_code == 200


def test_own_responses_only_with_the_own_right(client: Client, tree: Tree, response: Any, purpose: Purpose):
    colleague = a_user(unit=tree.county)
    a_grant(colleague, a_role("own", f"{VIEW}.own", f"{FILL}.own").code, tree.county)
    sign_in(client, colleague)
    assert client.get(f"/forms/responses/{response.uid}.json").status_code == 404
    forms.Response.unguarded.filter(pk=response.pk).update(respondent=colleague)
    assert client.get(f"/forms/responses/{response.uid}.json").status_code == 200
