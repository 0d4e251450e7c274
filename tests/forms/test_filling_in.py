"""Drafts and submissions: what is stored, what is refused, what counts (D01.3, D01.8, D11.9)."""

from datetime import timedelta

import pytest

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.forms import api as forms
from anlan.engines.forms.counting import counted, counts
from anlan.kernel import clock, ids
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import Tree
from tests.forms.conftest import PURPOSE, passing

ALL = ("q1", "q2", "q3")
EARLIER = clock.now() - timedelta(hours=1)


def answer(response: forms.Response, question: str):
    return response.answers.get(question=question)


def test_a_draft_reopens_with_every_answer_and_picture(inspector: Actor, response: forms.Response):
    picture = str(ids.new_uid())
    forms.save_answers(
        inspector, response, [forms.AnswerIn("q1", "fail", "压力不足", (picture,)), *passing("q2")]
    )
    again = forms.readable_response(inspector.user, pk=response.pk)
    kept = {row.question: row for row in again.answers.all()}
    assert (kept["q1"].value, kept["q1"].note, kept["q1"].photos) == ("fail", "压力不足", [picture])
    assert kept["q2"].value == "pass"


def test_the_later_answer_wins_whichever_comes_first(inspector: Actor, response: forms.Response):
    saved = forms.save_answers(inspector, response, passing("q1"))
    assert saved.stored == ("q1",)
    late = forms.save_answers(inspector, response, [forms.AnswerIn("q1", "fail", at=EARLIER)])
    assert (late.stored, late.older) == ((), ("q1",))
    assert answer(response, "q1").value == "pass"


def test_a_replayed_save_changes_nothing(inspector: Actor, response: forms.Response):
    sent = passing(*ALL)
    forms.save_answers(inspector, response, sent)
    assert forms.save_answers(inspector, response, sent).stored == ()
    assert response.answers.count() == 3


def test_an_unknown_question_and_a_wrong_value_are_refused_and_nothing_is_stored(
    inspector: Actor, response: forms.Response
):
    with pytest.raises(Rejected) as said:
        forms.save_answers(inspector, response, [*passing("q1", "ghost"), forms.AnswerIn("q2", "perhaps")])
    assert set(said.value.fields) == {"ghost", "q2"}
    assert not response.answers.exists()


def test_a_required_item_without_answer_is_refused_by_its_question(
    inspector: Actor, response: forms.Response
):
    with pytest.raises(Rejected) as said:
        forms.submit(inspector, response, passing("q1", "q3"))
    assert set(said.value.fields) == {"q2"}
    response.refresh_from_db()
    assert response.is_open
    assert not response.answers.exists()
    forms.submit(inspector, response, passing(*ALL))
    assert (response.passed, response.failed, response.not_applicable) == (3, 0, 0)
    assert (response.score, response.full_score) == (15, 15)


def test_a_failed_item_needs_its_picture_and_note(inspector: Actor, response: forms.Response):
    failing = forms.AnswerIn("q1", "fail")
    with pytest.raises(Rejected) as said:
        forms.submit(inspector, response, [failing, *passing("q2", "q3")])
    assert said.value.fields["q1"] == ["请至少拍 1 张照片", "请写明情况"]
    whole = forms.AnswerIn("q1", "fail", "压力不足", (str(ids.new_uid()),))
    with pytest.raises(Rejected, match="没有传上来"):
        forms.submit(inspector, response, [whole, *passing("q2", "q3")])
    forms.submit(inspector, response, [whole, *passing("q2", "q3")], files_follow=True)
    assert (response.failed, response.score, response.full_score) == (1, 5, 15)
    assert forms.awaited(response) == {"q1": list(whole.photos)}


def test_a_question_that_does_not_apply_is_not_asked_and_its_answer_counts_nowhere(
    inspector: Actor, response: forms.Response
):
    failing = forms.AnswerIn("q2", "fail")
    with pytest.raises(Rejected) as said:
        forms.submit(inspector, response, [failing, *passing("q1", "q3")])
    assert set(said.value.fields) == {"why"}
    forms.save_answers(inspector, response, [failing, forms.AnswerIn("why", "堆了课桌")])
    forms.submit(inspector, response, passing(*ALL))
    assert answer(response, "why").day is None
    assert answer(response, "q2").day == clock.today()


def test_after_submission_nothing_changes(inspector: Actor, response: forms.Response):
    forms.submit(inspector, response, passing(*ALL))
    for late in (forms.save_answers, forms.submit):
        with pytest.raises(Conflict):
            late(inspector, response, [forms.AnswerIn("q1", "fail", "晚了")])
    assert answer(response, "q1").value == "pass"
    entry = AuditEntry.objects.get(action="submit", object_id=str(response.pk))
    assert entry.after["digest"] == response.digest != ""


def test_the_same_uid_begins_one_response(tree: Tree, inspector: Actor, version: forms.FormVersion):
    uid = ids.new_uid()
    first = forms.begin(inspector, version, tree.school, PURPOSE, uid=uid)
    assert forms.begin(inspector, version, tree.school, PURPOSE, uid=uid).pk == first.pk
    with pytest.raises(Conflict):
        forms.begin(inspector, version, tree.sister_school, PURPOSE, uid=uid)


def test_a_response_handed_back_leaves_the_counts_and_can_be_submitted_again(
    inspector: Actor, response: forms.Response
):
    forms.submit(inspector, response, passing(*ALL))
    forms.reopen(inspector, response)
    assert counts([response.org], ("question",)) == {}
    forms.submit(inspector, response, [forms.AnswerIn("q3", "not_applicable")])
    assert counts([response.org], ("question",)) == counted(response.org, ("question",)) != {}
    assert (response.passed, response.not_applicable) == (2, 1)
    with pytest.raises(Conflict):
        forms.reopen(inspector, forms.reopen(inspector, response))
