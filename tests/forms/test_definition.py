"""The definition: JSON and back, and what is refused with its place."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.engines.forms.checking import read_form
from anlan.engines.forms.codec import from_json, to_json
from anlan.engines.forms.definition import (
    KINDS,
    Condition,
    Evidence,
    Form,
    NumberRule,
    Option,
    Question,
    Section,
)
from anlan.engines.forms.showing import shown
from anlan.kernel.errors import Rejected

text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
codes = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
scores = st.none() | st.decimals(0, 100, places=2, allow_nan=False)
options = st.lists(st.builds(Option, codes, text, st.sampled_from(["", "pass", "fail"])), max_size=3).map(
    tuple
)
questions = st.builds(
    Question,
    uid=codes,
    type=st.sampled_from(list(KINDS)),
    text=text,
    required=st.booleans(),
    options=options,
    number=st.none() | st.builds(NumberRule, text, scores, scores, st.integers(0, 6)),
    evidence=st.lists(st.builds(Evidence, st.tuples(codes), st.integers(0, 5), st.booleans())).map(tuple),
    shown_if=st.lists(st.builds(Condition, st.tuples(codes), codes)).map(tuple),
    score=scores,
    phrases=st.lists(text, max_size=2).map(tuple),
)
made = st.builds(
    Form,
    st.lists(st.builds(Section, text, st.lists(questions, max_size=3).map(tuple)), max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def read_or_faults(data: Any) -> Any:
    """The form, or the messages by place."""
    try:
        return read_form(data)
    except Rejected as refusal:
        return refusal.fields


@given(form=made)
def test_json_and_back_is_the_same(form: Form):
    assert from_json(Form, to_json(form)) == form


@given(form=made)
def test_what_is_read_is_either_sound_or_refused_with_places(form: Form):
    found = read_or_faults(to_json(form))
    assert found == form or all(place.startswith("sections") and said for place, said in found.items())


@given(data=anything)
def test_foreign_json_is_refused_and_nothing_else_happens(data: Any):
    found = read_or_faults(data)
    assert found
    assert isinstance(found, dict) or isinstance(data, dict)


@given(form=made, values=st.dictionaries(codes, codes))
def test_a_shown_question_depends_only_on_shown_ones(form: Form, values: dict[str, str]):
    seen = shown(form, {}, values)
    asked = {question.uid for question in seen}
    for question in seen:
        assert all(one.question in asked or not one.question for one in question.shown_if)


def one(**values: Any) -> dict[str, Any]:
    return to_json(Form((Section("一", (Question("a", "verdict", "甲"), Question(**values))),)))


WHOLE: dict[str, Any] = {"uid": "b", "type": "verdict", "text": "乙"}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"text": " "}, "text"),
        ({"type": "riddle"}, "type"),
        ({"uid": "a"}, "uid"),
        ({"uid": "signature"}, "uid"),
        ({"uid": "'; drop table"}, "uid"),
        ({"type": "single"}, "options"),
        ({"type": "single", "options": (Option("x", "甲"), Option("x", "乙"))}, "options"),
        ({"options": (Option("x", "甲"),)}, "options"),
        ({"number": NumberRule(minimum=Decimal(2), maximum=Decimal(1))}, "number.maximum"),
        ({"evidence": (Evidence(("never",), photos=1),)}, "evidence.0.when"),
        ({"evidence": (Evidence(("fail",), photos=99),)}, "evidence.0.photos"),
        ({"shown_if": (Condition(("fail",), question="later"),)}, "shown_if.0.question"),
        ({"shown_if": (Condition(("maybe",), question="a"),)}, "shown_if.0.among"),
        ({"shown_if": (Condition(("fail",)),)}, "shown_if.0.question"),
        ({"type": "table"}, "columns"),
        ({"score": Decimal(-1)}, "score"),
        ({"item": "not-a-uid"}, "item"),
    ],
)
def test_a_fault_is_told_at_its_place(values: dict[str, Any], place: str):
    with pytest.raises(Rejected) as said:
        read_form(one(**{**WHOLE, **values}))
    assert set(said.value.fields) == {f"sections.0.questions.1.{place}"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"signed": "yes"}, "signed"),
        ({"sections": {}}, "sections"),
        ({"sections": [{"questions": []}]}, "sections.0.title"),
        ({"sections": [{"title": 3}]}, "sections.0.title"),
    ],
)
def test_unknown_missing_and_mistyped_keys_are_refused(change: dict[str, Any], place: str):
    with pytest.raises(Rejected) as said:
        read_form({**to_json(Form()), **change})
    assert set(said.value.fields) == {place}


def test_scores_must_be_numbers():
    data = one(**WHOLE)
    data["sections"][0]["questions"][1]["score"] = "很多"
    with pytest.raises(Rejected) as said:
        read_form(data)
    assert said.value.fields == {"sections.0.questions.1.score": ["应是数字"]}
