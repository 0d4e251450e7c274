"""The signed file of a closed round: recomputed from itself alone, every change to it is found."""

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anlan.engines.evaluation.api import (
    Award,
    Case,
    Judge,
    Panel,
    Ruling,
    Tree,
    Unfinished,
    check,
    fingerprint,
    state,
)
from anlan.kernel.errors import Rejected
from tests.architecture.source import ROOT
from tests.evaluation.making import a_leaf, one_leaf

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def a_round() -> Case:
    """Two kindergartens, three indicators, two panels, everything used."""
    leaves = [
        a_leaf("C1", "10"),
        a_leaf("C2", "5", options=[("达标", "5"), ("基本达标", "3"), ("不达标", "0")]),
        a_leaf("C3", "10", weight=Decimal(2)),
    ]
    judges = (Judge("周敏"), Judge("林岚"), Judge("郑和平"))
    scores = {
        (one, leaf): {judge.code: Decimal(score) for judge, score in zip(judges, said.split(), strict=False)}
        for one, leaf, said in (
            ("K1", "C1", "8 9.5 10"),
            ("K1", "C2", "5 3 5"),
            ("K1", "C3", "7 8"),
            ("K2", "C1", "10 10 9"),
            ("K2", "C2", "3 3 0"),
            ("K2", "C3", "9 10"),
        )
    }
    return Case(
        Tree(leaves),
        {"K1": "望江幼儿园", "K2": "育苗幼儿园"},
        (Panel(judges, ("C1", "C2")), Panel(judges[:2], ("C3",))),
        scores,
        rule="trimmed",
        reviews={("K1", "C3"): Ruling(Decimal("7.25"), "材料补充", "科长")},
        adjustments={"K2": (Ruling(Decimal("-0.5"), "迟交", "科长"),)},
        awards=(Award("示范园", 1),),
    )


def test_an_untouched_file_comes_to_the_same() -> None:
    text = state(a_round(), KEY)
    assert check(text) == []
    assert len(fingerprint(text)) == 16
    standings = json.loads(text)["result"]["standings"]
    assert [standings[one]["total"] for one in ("K1", "K2")] == ["21.75", "22.00"]
    assert [standings[one]["award"] for one in ("K1", "K2")] == [None, "示范园"]


CHANGES: tuple[tuple[str, Callable[[dict[str, Any]], Any], str], ...] = (
    ("a score", lambda said: said["case"]["scores"]["K1"]["C1"].update(周敏="10"), "K1 · aggregated · C1"),
    ("a total", lambda said: said["result"]["standings"]["K1"].update(total="23.00"), "文件写的是 23.00"),
    ("a rank", lambda said: said["result"]["standings"]["K1"].update(rank=1), "rank：文件写的是 1"),
    ("the rule", lambda said: said["case"].update(rule="mean"), "重新计算是"),
    ("a reason", lambda said: said["case"]["reviews"]["K1"]["C3"].update(reason="无"), "内容与校验值不符"),
    (
        "a judge left out",
        lambda said: said["case"]["scores"]["K2"]["C3"].pop("周敏"),
        "周敏 没有给 K2 的 C3 评分",
    ),
    (
        "a judge put in",
        lambda said: said["case"]["scores"]["K2"]["C3"].update(路人="10"),
        "不是育苗幼儿园的评委",
    ),
    ("no such option", lambda said: said["case"]["scores"]["K1"]["C2"].update(周敏="4"), "只能是"),
    ("an award", lambda said: said["result"]["standings"]["K1"].update(award="示范园"), "重新计算是 空"),
    ("a participant gone", lambda said: said["result"]["standings"].pop("K2"), "K2：文件写的是 空"),
)


@pytest.mark.parametrize(
    ("change", "words"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_every_change_is_found_and_named(change: Callable[[dict[str, Any]], Any], words: str) -> None:
    said = json.loads(state(a_round(), KEY))
    change(said)
    found = "\n".join(check(json.dumps(said)))
    assert words in found
    assert "内容与校验值不符" in found
    assert "签名不符" in found


def test_a_file_signed_by_another_key_has_another_fingerprint() -> None:
    mine, theirs = state(a_round(), KEY), state(a_round(), Ed25519PrivateKey.generate())
    assert check(theirs) == []
    assert fingerprint(mine) != fingerprint(theirs)
    mixed = json.loads(mine) | {"key": json.loads(theirs)["key"]}
    assert check(json.dumps(mixed)) == ["签名不符"]


def test_an_unfinished_round_gets_no_file() -> None:
    case = one_leaf("mean", "80", "90")
    with pytest.raises(Unfinished):
        state(Case(case.tree, case.participants, case.panels, {}), KEY)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "anlan.evaluation/1"}', "\x00" * 50, "[" * 99_999]
)
def test_what_is_no_such_file_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        check(text)


@pytest.mark.parametrize(
    "part", ["indicators", "participants", "panels", "scores", "rule", "weighting", "places"]
)
@pytest.mark.parametrize("junk", [None, 7, "x", [[]], {"x": 1}])
def test_a_mangled_case_is_refused_or_found_and_breaks_nothing(part: str, junk: Any) -> None:
    said = json.loads(state(a_round(), KEY))
    said["case"][part] = junk
    assert said_of(json.dumps(said))


def said_of(text: str) -> str:
    """What the check finds, or why it refuses."""
    try:
        return "".join(check(text))
    except Rejected as refused:
        return refused.message


@pytest.mark.sqlite
def test_the_command_says_the_same_or_where_it_differs(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "一致.json", tmp_path / "改动.json", tmp_path / "没有.json"
    text = state(a_round(), KEY)
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace('"rank": 2', '"rank": 1'), encoding="utf-8")
    for path, code, words in (
        (
            good,
            0,
            f"一致.json：一致。按文件里的指标、评委、分数和规则重新计算，结果相同。签名密钥指纹 {fingerprint(text)}",
        ),
        (bad, 1, "rank：文件写的是 1，重新计算是 2"),
        (none, 2, "读不出来"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "anlan", "verify", str(path)],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, words in done.stdout + done.stderr) == (code, True), done
