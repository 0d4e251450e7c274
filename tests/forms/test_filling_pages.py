"""One response in the browser: drawn, saved, refused at the question, submitted, printed (D01.3, D01.8)."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.forms import api as forms
from anlan.engines.forms.composing import changed_question
from anlan.engines.forms.definition import ASKED, Column, NumberRule, Option
from tests.factories import Tree, a_grant, a_role, a_user, sign_in
from tests.forms.conftest import PURPOSE, VIEW
from tests.forms.test_versions import SEED


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Any) -> None:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def checker(client: Client, inspector: Actor) -> Client:
    return sign_in(client, inspector.user)


def picture(name: str = "box.jpg") -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def filled(**values: Any) -> dict[str, Any]:
    return {"q": ["q1", "q2", "q3"], "q.q1": "pass", "q.q2": "pass", "q.q3": "pass", **values}


def address(response: Any) -> str:
    return f"/forms/responses/{response.uid}/"


def test_a_draft_reopens_with_answers_notes_and_pictures(checker: Client, response: Any):
    sent = filled(**{"q.q1": "fail", "q.q1.note": "压力不足", "q.q1.photo": picture(), "act": "save"})
    assert checker.post(address(response), sent).status_code == 303
    page = checker.get(address(response)).content.decode()
    assert "压力不足" in page
    (stored,) = attachments_of(response, "q1")
    assert f'value="{stored.uid}"' in page
    assert checker.get(f"/files/{stored.uid}/thumb").status_code == 200
    kept = filled(**{"q.q1": "fail", "q.q1.note": "压力不足", "q.q1.photo": str(stored.uid), "act": "submit"})
    assert checker.post(address(response), kept).status_code == 303
    response.refresh_from_db()
    assert (response.state, response.failed) == ("submitted", 1)


def test_a_picture_taken_off_the_sheet_is_gone(checker: Client, response: Any):
    checker.post(address(response), filled(**{"q.q1.photo": picture(), "act": "save"}))
    checker.post(address(response), filled(act="save"))
    assert attachments_of(response, "q1") == []


def test_a_missing_answer_is_refused_at_its_question_and_the_rest_is_kept(checker: Client, response: Any):
    found = checker.post(address(response), filled(**{"q.q2": "", "act": "submit"}))
    assert found.status_code == 422
    assert "第 2 项：请填写这一项" in found.content.decode()
    assert {row.question for row in response.answers.all()} == {"q1", "q3"}


def test_a_disguised_program_is_refused_at_its_question(checker: Client, response: Any):
    evil = SimpleUploadedFile("box.jpg", b"MZ\x90\x00" + b"\x00" * 600, "image/jpeg")
    found = checker.post(address(response), filled(**{"q.q1.photo": evil, "act": "save"}))
    assert found.status_code == 422
    assert "第 1 项" in found.content.decode()
    assert attachments_of(response) == []


def test_an_answer_that_opens_a_question_draws_it_at_once(checker: Client, response: Any):
    sent = filled(**{"q.q2": "fail"})
    found = checker.post(address(response), sent, headers={"HX-Request": "true"}).content.decode()
    assert "为何不通" in found
    assert "<html" not in found
    again = checker.post(address(response), filled(), headers={"HX-Request": "true"}).content.decode()
    assert "为何不通" not in again


def test_the_old_version_is_shown_and_printed_after_the_form_changed(
    checker: Client, keeper: Actor, definition: Any, version: Any, response: Any, inspector: Actor
):
    forms.save_content(keeper, definition, changed_question(definition.form(), "q1", text="全新的说法"))
    second = forms.publish(keeper, definition)
    later = forms.begin(inspector, second, response.org, PURPOSE)
    for page in (address(response), f"{address(response)}print/", f"/forms/versions/{version.pk}/"):
        body = checker.get(page).content.decode()
        assert "灭火器压力在绿区" in body
        assert "全新的说法" not in body
    assert "全新的说法" in checker.get(address(later)).content.decode()


def test_people_who_may_look_get_no_fields_and_others_nothing(client: Client, tree: Tree, response: Any):
    reader = a_user(unit=tree.county)
    a_grant(reader, a_role("looker", VIEW).code, tree.county)
    page = sign_in(client, reader).get(address(response)).content.decode()
    assert "灭火器压力在绿区" in page
    assert 'name="q.q1"' not in page
    assert client.post(address(response), filled(act="save")).status_code == 403
    sign_in(client, a_user("bureau_safety", tree.other_county))
    assert client.get(address(response)).status_code == 404


def every_kind() -> forms.Form:
    """A form with one question of every type."""
    extra: dict[str, dict[str, Any]] = {
        "single": {"options": (Option("a", "甲"), Option("b", "乙"))},
        "multi": {"options": (Option("a", "甲"), Option("b", "乙"))},
        "number": {"number": NumberRule("米", decimals=1)},
        "table": {"columns": (Column("n", "数", "number"), Column("t", "名"))},
    }
    asked = tuple(
        forms.Question(f"x-{kind}", kind, f"{title}题", required=False, **extra.get(kind, {}))
        for kind, title in ASKED.items()
    )
    return forms.Form((forms.Section("全部", asked),))


def test_every_answer_type_is_drawn_read_back_and_printed(
    checker: Client, tree: Tree, keeper: Actor, inspector: Actor
):
    definition = forms.add_form(keeper, tree.county, title="各种题", subject="试", form=every_kind())
    response = forms.begin(inspector, forms.publish(keeper, definition), tree.school, PURPOSE)
    page = checker.get(address(response)).content.decode()
    assert all(f"{title}题" in page for title in ASKED.values())
    sent = {
        "q": [question.uid for question in definition.form().questions()],
        "q.x-verdict": "pass",
        "q.x-single": "b",
        "q.x-multi": ["a", "b"],
        "q.x-text": "话",
        "q.x-long_text": "长话",
        "q.x-number": "１．５",
        "q.x-date": "2026-10-20",
        "q.x-time": "17:00",
        "q.x-signature": "confirmed",
        "q.x-location.place": "门口",
        "q.x-person": "陈晓岚",
        "q.x-org": tree.school.code,
        "q.x-table.0.n": "3",
        "q.x-table.0.t": "桶",
        "q.x-photo.photo": picture(),
        "q.x-file.photo": picture("plan.jpg"),
        "act": "submit",
    }
    found = checker.post(address(response), sent)
    assert found.status_code == 303, found.content.decode()
    kept = {row.question: row.value for row in response.answers.all()}
    assert (kept["x-number"], kept["x-multi"], kept["x-location"]) == ("1.5", ["a", "b"], {"place": "门口"})
    assert kept["x-table"] == [{"n": "3", "t": "桶"}]
    assert len(kept["x-file"]) == 1
    printed = checker.get(f"{address(response)}print/").content.decode()
    for words in ("乙", "甲、乙", "1.5米", "数 3，名 桶", "门口", tree.school.name, "陈晓岚"):
        assert words in printed


def test_the_preview_shows_what_a_kind_of_school_gets(client: Client, keeper: Actor, tree: Tree):
    call_command("load_site_requirements", tree.county.code, SEED, verbosity=0)
    form = forms.FormDefinition.objects.unscoped().get()
    sign_in(client, keeper.user)
    for school_type, seen in (("kindergarten", True), ("primary", False)):
        page = client.get(f"/forms/{form.pk}/preview/?as=phone&school_type={school_type}").content.decode()
        assert ("访客可视对讲" in page) is seen
    with pytest.raises(CommandError):
        call_command("load_site_requirements", "nowhere", SEED)
