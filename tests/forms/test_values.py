"""Values: messy input becomes canonical, everything else is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.engines.forms.definition import KINDS, Column, NumberRule, Option, Question
from anlan.engines.forms.values import Wrong, clean

ASKED = {
    kind: Question(
        "q",
        kind,
        "问",
        options=(Option("red", "红"), Option("blue", "蓝")),
        number=NumberRule(decimals=1) if kind == "number" else None,
        columns=(Column("n", "数", "number"), Column("t", "名")),
    )
    for kind in KINDS
}
UID = "01990000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("number", "１２．５", "12.5"),
        ("number", " 1,200 ", "1200"),
        ("number", 3, "3"),
        ("date", "２０２６年１０月２日", "2026-10-02"),
        ("date", "2026/10/2", "2026-10-02"),
        ("time", "１７：００", "17:00"),
        ("text", "  好的 ", "好的"),
        ("text", "   ", None),
        ("multi", ["blue", "red"], ["red", "blue"]),
        ("multi", "red", ["red"]),
        ("verdict", "not_applicable", "not_applicable"),
        ("file", [UID, UID], [UID]),
        ("location", {"lat": "24.9", "lng": "118.5"}, {"lat": "24.9", "lng": "118.5", "reference": "wgs84"}),
        ("location", {"place": "二楼"}, {"place": "二楼"}),
        ("table", [{"n": "１", "t": "甲"}, {}], [{"n": "1", "t": "甲"}]),
        ("photo", None, None),
    ],
)
def test_messy_input_becomes_canonical(kind: str, raw: Any, value: Any):
    assert clean(ASKED[kind], raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "十二"),
        ("number", "1.25"),
        ("number", "NaN"),
        ("number", "1e999"),
        ("number", "9" * 400),
        ("number", True),
        ("date", "2026-02-30"),
        ("date", "昨天"),
        ("time", "25:00"),
        ("text", "字" * 501),
        ("text", "坏\x00字"),
        ("text", {"a": 1}),
        ("single", "green"),
        ("single", ["red"]),
        ("multi", ["green"]),
        ("verdict", "PASS"),
        ("photo", ["x"]),
        ("file", ["../../etc/passwd"]),
        ("signature", "<script>"),
        ("location", {"lat": "91", "lng": "0"}),
        ("location", {"lat": "NaN", "lng": "0"}),
        ("location", {"place": "", "lat": ""}),
        ("location", {"evil": 1}),
        ("table", [{"x": "1"}]),
        ("table", [{"n": "一"}]),
        ("table", [{}] * 500),
        ("table", "text"),
    ],
)
def test_what_is_not_of_the_type_is_refused(kind: str, raw: Any):
    with pytest.raises(Wrong):
        clean(ASKED[kind], raw)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(kind=st.sampled_from(list(KINDS)), raw=anything)
def test_anything_at_all_is_cleaned_or_refused_and_cleaning_twice_is_cleaning_once(kind: str, raw: Any):
    try:
        value = clean(ASKED[kind], raw)
    except Wrong:
        return
    assert clean(ASKED[kind], value) == value
