"""A layout in the browser: brought in, cells given attributes, previewed, filled in with messages at the cell."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.layouts.drafting import draft_from
from tests.factories import Tree, a_user, sign_in
from tests.forms.conftest import PURPOSE
from tests.forms.layouts.making import an_upload


@pytest.fixture
def office(client: Client, keeper: Actor) -> Client:
    return sign_in(client, keeper.user)


def shown(client: Client, address: str, status: int = 200) -> str:
    found = client.get(address)
    assert found.status_code == status, found.content.decode()[:500]
    return found.content.decode().split("<main")[-1]


def told(answer: Any) -> str:
    return answer.content.decode().split("<main")[-1]


def cell(page: str, at: str) -> str:
    """The table cell of a question, as it stands in the page."""
    return re.search(rf'<td[^>]*id="i-{at}".*?</td>', page, re.DOTALL)[0]  # type: ignore[index]


@pytest.mark.requirement("D12.7")
def test_an_excel_report_becomes_a_form_whose_sheet_stands_in_the_browser(office: Client, tree: Tree):
    sent = {"title": "设施统计", "subject": "填报", "file": an_upload()}
    answer = office.post("/forms/layouts/new/", sent)
    assert answer.status_code == 303, told(answer)[:800]
    page = shown(office, answer["Location"])
    assert 'colspan="5"' in page
    assert 'rowspan="2"' in page
    assert "=SUM(B4:B5)" in page
    out = office.get(answer["Location"].replace("/layout/", "/layout.xlsx"))
    assert b"".join(out.streaming_content)[:2] == b"PK"


def test_a_bad_file_is_refused_with_words_and_nothing_is_stored(office: Client, tree: Tree):
    answer = office.post("/forms/layouts/new/", {"title": "表", "subject": "填报", "file": an_upload(b"x")})
    assert answer.status_code == 422
    assert "损坏" in told(answer)
    assert not forms.FormDefinition.unguarded.exists()


def test_attributes_are_put_on_a_range_and_show_in_the_cells(office: Client, drawn: forms.FormDefinition):
    url = f"/forms/{drawn.pk}/layout/"
    sent = {"at": "B4:C5", "type": "number", "required": "on", "unit": "个", "minimum": "0", "maximum": "9",
            "decimals": "0", "total": "sum", "version": drawn.version}  # fmt: skip
    assert office.post(url, sent).status_code == 303
    page = shown(office, f"{url}?at=B4:C5")
    assert page.count("数字*（个）") == 4
    drawn.refresh_from_db()
    assert drawn.form().by_uid()["C5"].text == "摄像头：数量 室外"
    stale = office.post(url, {**sent, "maximum": "8"})
    assert stale.status_code == 409
    assert office.post(url, {"at": "B4:C5", "act": "clear"}).status_code == 303
    drawn.refresh_from_db()
    assert "B4" not in drawn.form().by_uid()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"type": "single"}, "请写选项"),
        ({"type": "number", "minimum": "9", "maximum": "1"}, "上限不能小于下限"),
        ({"type": "date", "earliest": "昨天"}, "应是日期"),
        ({"type": "computed", "formula": "VLOOKUP(A1,A2,1)"}, "公式里不能用|不能用函数"),
        ({"type": "text", "total": "sum"}, "只有数字能求和"),
        ({"type": "number", "preset": "很多"}, "应是数字"),
        ({"type": "text", "fixed": "on"}, "只读的单元格要有默认值"),
        ({"type": "number", "at": "A4:B4"}, "A4 已有文字"),
    ],
)
def test_wrong_attributes_are_refused_at_their_field(
    office: Client, drawn: forms.FormDefinition, sent: dict[str, str], words: str
):
    answer = office.post(f"/forms/{drawn.pk}/layout/", {"at": "B4", **sent})
    assert answer.status_code == 422
    assert re.search(words, told(answer)), told(answer)[:3000]


def test_formulas_in_a_circle_are_not_published(office: Client, drawn: forms.FormDefinition):
    url = f"/forms/{drawn.pk}/layout/"
    assert office.post(url, {"at": "B4", "type": "computed", "formula": "B6"}).status_code == 303
    answer = office.post(f"/forms/{drawn.pk}/act/publish/")
    assert answer.status_code == 422
    assert "公式循环引用" in answer.content.decode()


def test_the_phone_preview_holds_the_same_questions_as_the_sheet(office: Client, drawn: forms.FormDefinition):
    wide = shown(office, f"/forms/{drawn.pk}/preview/")
    phone = shown(office, f"/forms/{drawn.pk}/preview/?as=phone")
    names = re.compile(r'name="(q\.[A-Z]\d+)"')
    assert names.findall(wide) == names.findall(phone) != []
    assert "is-phone" in phone
    assert "灭火器：数量 室内（台）" in phone


def test_somebody_without_the_right_designs_nothing(client: Client, drawn: forms.FormDefinition, tree: Tree):
    looker = sign_in(client, a_user("bureau_viewer", tree.county))
    assert looker.get(f"/forms/{drawn.pk}/layout/").status_code == 200
    assert looker.post(f"/forms/{drawn.pk}/layout/", {"at": "B4", "type": "text"}).status_code == 403
    assert looker.get("/forms/layouts/new/").status_code == 403
    other = sign_in(Client(), a_user("bureau_safety", tree.other_county))
    assert other.get(f"/forms/{drawn.pk}/layout/").status_code == 404
    assert other.get(f"/forms/{drawn.pk}/layout.xlsx").status_code == 404


@pytest.fixture
def checker(client: Client, inspector: Actor) -> Client:
    return sign_in(client, inspector.user)


@pytest.fixture
def sheet(drawn: forms.FormDefinition, keeper: Actor, inspector: Actor, tree: Tree) -> forms.Response:
    return forms.begin(inspector, forms.publish(keeper, drawn), tree.school, PURPOSE)


def filled(**values: str) -> dict[str, Any]:
    given = {"B4": "3", "C4": "4", "D4": "7", "B5": "1", "C5": "2", "D5": "2", "E7": "2026-01-05", "B8": ""}
    given |= values
    return {"q": list(given), **{f"q.{at}": value for at, value in given.items()}, "act": "submit"}


def address(response: forms.Response) -> str:
    return f"/forms/responses/{response.uid}/"


def answers(response: forms.Response) -> dict[str, Any]:
    return dict(response.answers.values_list("question", "value"))


def test_formulas_are_computed_on_the_server_and_a_sent_value_is_ignored(
    checker: Client, sheet: forms.Response
):
    sent = filled() | {"q.B6": "999", "q": [*filled()["q"], "B6"]}
    assert checker.post(address(sheet), sent).status_code == 303
    said = answers(sheet)
    assert (said["B6"], said["D6"], said["E4"], said["E6"]) == ("4", "9", "1", "0.9")
    page = shown(checker, address(sheet))
    assert "90.00%" in cell(page, "E6")


def test_results_follow_what_is_typed_and_nothing_is_stored(checker: Client, sheet: forms.Response):
    found = checker.post(f"{address(sheet)}results.json", {"q": ["B4", "B5"], "q.B4": "10", "q.B5": "x"})
    assert found.json()["results"]["B6"] == "10"
    assert answers(sheet).get("B4") is None


@pytest.mark.parametrize(
    ("at", "typed", "words"),
    [
        ("B4", "三台", "应是数字"),
        ("B4", "501", "应在 0 至 500台 之间"),
        ("B4", "1.5", "应是整数"),
        ("B4", "", "请填写这一项"),
        ("E7", "2999-01-01", "不晚于"),
        ("E7", "上周", "应是日期"),
    ],
)
def test_a_wrong_cell_is_refused_at_the_cell_and_everything_typed_stays(
    checker: Client, sheet: forms.Response, at: str, typed: str, words: str
):
    answer = checker.post(address(sheet), filled(**{at: typed, "B8": "围墙有裂缝"}))
    assert answer.status_code == 422
    page = told(answer)
    assert words in cell(page, at)
    assert 'aria-invalid="true"' in cell(page, at)
    assert f'value="{typed}"' in cell(page, at)
    assert "围墙有裂缝" in page
    assert 'value="7"' in cell(page, "D4")
    sheet.refresh_from_db()
    assert sheet.is_open


def test_a_read_only_cell_keeps_what_it_was_given(checker: Client, sheet: forms.Response):
    before = answers(sheet).get("B7")
    checker.post(address(sheet), filled() | {"q": [*filled()["q"], "B7"], "q.B7": "别的学校"})
    assert answers(sheet).get("B7") == before


def test_a_new_version_leaves_what_was_filled_in_as_it_was(
    checker: Client, sheet: forms.Response, keeper: Actor, drawn: forms.FormDefinition
):
    checker.post(address(sheet), filled())
    drawn.refresh_from_db()
    office = sign_in(Client(), keeper.user)
    office.post(f"/forms/{drawn.pk}/layout/", {"at": "B8", "act": "clear"})
    assert office.post(f"/forms/{drawn.pk}/act/publish/").status_code == 303
    assert [version.number for version in forms.versions_of(drawn)] == [2, 1]
    assert "存在问题" in shown(checker, address(sheet))
    assert 'id="i-B8"' in shown(checker, address(sheet))


def test_the_empty_sheet_can_be_taken_out_with_the_same_layout(
    office: Client, drawn: forms.FormDefinition, tmp_path: Any
):
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"".join(office.get(f"/forms/{drawn.pk}/layout.xlsx").streaming_content))
    again = draft_from(out, "out.xlsx")
    assert again.layout.merges == drawn.plan().merges  # type: ignore[union-attr]
    assert again.layout.widths == drawn.plan().widths  # type: ignore[union-attr]
    assert io.BytesIO(out.read_bytes()).read(2) == b"PK"
