"""Attributes of cells are held by the page and by the server, for computer and phone alike (D12.6)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.kernel import clock
from tests.factories import Tree, sign_in
from tests.files.making import an_xlsx
from tests.forms.conftest import PURPOSE

CHOICES = (forms.Option("a", "甲"), forms.Option("b", "乙"))
Q = forms.Question
ASKED = (
    Q("B1", "text", "编号", max_length=7, filling=forms.Filling(pattern="A999-9")),
    Q("B2", "number", "数量", number=forms.NumberRule("台", Decimal(0), Decimal(9), 0)),
    Q("B3", "date", "检查日期", filling=forms.Filling(earliest="2026-01-01", latest="2026-10-31")),
    Q("B4", "single", "结论", options=CHOICES),
    Q("B5", "multi", "项目", options=CHOICES),
    Q("B6", "long_text", "说明", max_length=10),
    Q("B7", "computed", "合计", number=forms.NumberRule("台"), filling=forms.Filling(formula="B2*2+1")),
    Q("B8", "text", "单位", filling=forms.Filling(initial="本校", fixed=True)),
    Q("B9", "org", "学校"),
    Q("B10", "text", "乙的原因", shown_if=(forms.Condition(("b",), question="B4"),)),
    Q("B11", "file", "附件", required=False),
    Q("B12", "signature", "签名"),
    Q("B13", "time", "时间"),
    Q("B14", "person", "负责人"),
    Q("B15", "text", "状况", filling=forms.Filling(initial="良好")),
)
RIGHT: dict[str, Any] = {
    "B1": "B123-4",
    "B2": "4",
    "B3": "2026-03-01",
    "B4": "a",
    "B5": ["a", "b"],
    "B6": "无",
    "B9": "S1",
    "B12": "confirmed",
    "B13": "17:00",
    "B14": "陈晓岚",
}
WRONG = (
    ("B1", "", "请填写这一项"),
    ("B1", "12345-6", "格式"),
    ("B1", "B123-4567", "不超过 7 字"),
    ("B2", "四台", "应是数字"),
    ("B2", "10", "应在 0 至 9台 之间"),
    ("B2", "1.5", "应是整数"),
    ("B3", "2025-12-31", "不早于"),
    ("B3", "2026-11-01", "不晚于"),
    ("B3", "三月", "应是日期"),
    ("B4", "c", "没有这个选项"),
    ("B5", ["c"], "没有这个选项"),
    ("B6", "十一个字十一个字十一个字", "不超过 10 字"),
    ("B9", "S99", "没有这个单位"),
    ("B11", ["不是文件"], "文件编号不对"),
    ("B12", "", "请填写这一项"),
    ("B13", "25:99", "应是时间"),
)


@pytest.mark.requirement("D12.6")
def test_every_attribute_is_held_at_its_cell_and_a_result_is_never_taken_from_the_client(
    client: Client, tree: Tree, keeper: Actor, inspector: Actor, tmp_path: Path
) -> None:
    """Each wrong value is refused by page and phone at its cell and nothing is handed in; kinds show in the page; what
    is read-only or computed ignores what is sent; a hidden cell is not asked, a shown one is required.
    """
    path = tmp_path / "各种单元格.xlsx"
    path.write_bytes(an_xlsx(*([question.text, None, "|"] for question in ASKED)))
    definition, _ = forms.add_layout(keeper, tree.county, path, path.name, title="各种单元格", subject="试")
    for question in ASKED:
        forms.put_on(keeper, definition, [question.uid], question)
    response = forms.begin(inspector, forms.publish(keeper, definition), tree.school, PURPOSE)
    desk, url = sign_in(client, inspector.user), f"/forms/responses/{response.uid}/"
    page = desk.get(url).content.decode()
    for words in (
        'type="date" name="q.B3"',
        'type="time" name="q.B13"',
        'inputmode="decimal"',
        'value="良好"',
        "必填",
    ):
        assert words in page
    assert 'name="q.B8"' not in page
    titles = {question.uid: question.text for question in ASKED}
    for uid, value, why in WRONG:
        told = posted(desk, url, RIGHT | {uid: value})
        assert told.status_code == 422, (uid, value)
        assert f'href="#i-{uid}">{titles[uid]}（{uid}）：' in told.content.decode(), (uid, value)
        assert why in told.content.decode(), (uid, value)
        refused = sent(desk, url, RIGHT | {uid: value})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [uid]), (uid, value)
        assert why in refused.json()["fields"][uid][0]
    response.refresh_from_db()
    assert response.is_open
    asked = posted(desk, url, RIGHT | {"B4": "b"})
    assert (asked.status_code, 'href="#i-B10"' in asked.content.decode()) == (422, True)
    assert posted(desk, url, RIGHT | {"B7": "999", "B8": "别校", "B4": "a"}).status_code == 303
    kept = dict(response.answers.values_list("question", "value"))
    assert (kept["B7"], kept["B8"], kept["B2"], kept["B15"]) == ("9.00", "本校", "4", "良好")
    assert (kept["B3"], kept["B5"]) == ("2026-03-01", ["a", "b"])


def posted(desk: Client, url: str, values: dict[str, Any]) -> Any:
    """The answer to handing in on the page."""
    said = {f"q.{uid}.photo" if uid == "B11" else f"q.{uid}": value for uid, value in values.items()}
    return desk.post(url, {"q": list(values), **said, "act": "submit"})


def sent(phone: Client, url: str, values: dict[str, Any]) -> Any:
    """The answer to handing in from the phone."""
    now = clock.now().isoformat()
    answers = [{"question": uid, "value": value, "at": now} for uid, value in values.items()]
    return phone.post(f"{url}submit.json", json.dumps({"answers": answers}), "application/json")
