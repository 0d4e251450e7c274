"""The conversation in the browser: upload, look, confirm, result."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.engines.exchange.api import ImportSession, read_sheet
from tests.exchange.conftest import BLANK, GOOD, SECOND, UNKNOWN_UNIT, WRONG, a_file
from tests.factories import Tree, a_user, sign_in
from tests.files.making import EXE, an_xlsx, upload
from tests.sample.lamps import Lamp

START = "/sample/lamps/import"


def sent(client: Client, *rows: list[Any]) -> str:
    """Where an upload leads."""
    answer = client.post(START, {"file": a_file(*rows)})
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def saved(response: Any, path: Path) -> Path:
    path.write_bytes(b"".join(response.streaming_content))
    return path


def test_the_whole_conversation(mine: Client, tmp_path: Path) -> None:
    assert "上传并检查" in mine.get(START).content.decode()
    page = sent(mine, GOOD, BLANK, SECOND)
    text = mine.get(page).content.decode()
    assert "共读到 3 行，可以导入 2 行，有问题 1 行" in text
    assert "第 3 行" in text
    assert "没有填写" in text
    assert "一号楼东侧" in text
    assert Lamp.unguarded.count() == 0
    bad = read_sheet(saved(mine.get(f"{page}errors"), tmp_path / "bad.xlsx"))
    assert bad.headers[0] == "原行号"
    assert [row.cells[0] for row in bad.rows] == [3]
    assert "编号：没有填写" in bad.rows[0].cells[-1]
    assert mine.post(f"{page}confirm", {"mode": "all"}).status_code == 422
    assert Lamp.unguarded.count() == 0
    assert mine.post(f"{page}confirm", {"mode": "good"}).status_code == 303
    assert "新增 2 条" in mine.get(page).content.decode()
    assert mine.post(f"{page}confirm", {"mode": "good"}).status_code == 409
    assert Lamp.unguarded.count() == 2


@pytest.mark.requirement("ARCH.18")
def test_an_import_is_checked_by_row_kept_to_the_scope_and_repeatable(mine: Client, tmp_path: Path) -> None:
    """Bad rows are named by number, column and reason; nothing of another unit is written, also when the good rows
    are taken; a file that is not of the template is refused whole; the same file again changes nothing.
    """
    headers = read_sheet(saved(mine.get("/imports/of/sample.lamps/template"), tmp_path / "t.xlsx")).headers
    assert {"单位*", "编号*", "位置*"} <= set(headers)
    page = sent(mine, GOOD, WRONG, SECOND, UNKNOWN_UNIT)
    bad = read_sheet(saved(mine.get(f"{page}errors"), tmp_path / "bad.xlsx"))
    told = {row.cells[0]: row.cells[-1] for row in bad.rows}
    assert set(told) == {3, 5}
    assert "种类：" in told[3]
    assert "购置日期：" in told[3]
    assert "单位：" in told[5]
    assert "不在您的范围内" in told[5]
    text = mine.get(page).content.decode()
    for words in ("第 3 行", "第 5 行", "购置日期", "不在您的范围内"):
        assert words in text
    assert mine.post(f"{page}confirm", {"mode": "good"}).status_code == 303
    stored = sorted(Lamp.unguarded.values_list("org__code", "code", "updated_at"))
    assert [row[:2] for row in stored] == [("S1", "D-01"), ("S2", "D-02")]
    again = sent(mine, GOOD, WRONG, SECOND, UNKNOWN_UNIT)
    assert mine.post(f"{again}confirm", {"mode": "good"}).status_code == 303
    assert "新增 0 条，更新 0 条，没有变化 2 条" in mine.get(again).content.decode()
    assert sorted(Lamp.unguarded.values_list("org__code", "code", "updated_at")) == stored
    wrong = an_xlsx(["名称", "数量"], ["灯", 1])
    refused = mine.post(START, {"file": upload("别的表.xlsx", wrong)})
    assert (refused.status_code, "没有找到：单位、编号、位置" in refused.content.decode()) == (422, True)
    assert sorted(Lamp.unguarded.values_list("org__code", "code", "updated_at")) == stored


def test_a_corrected_error_sheet_goes_in_as_it_is(mine: Client, tmp_path: Path) -> None:
    page = sent(mine, [*GOOD[:3], "吊灯", *GOOD[4:]])
    path = saved(mine.get(f"{page}errors"), tmp_path / "bad.xlsx")
    assert mine.post(START, {"file": upload("bad.xlsx", path.read_bytes())}).status_code == 303
    session = ImportSession.objects.unscoped().latest("pk")
    assert (session.total, session.bad) == (1, 1)


def test_the_template_can_be_filled_and_imported(mine: Client, tmp_path: Path) -> None:
    sheet = saved(mine.get("/imports/of/sample.lamps/template"), tmp_path / "t.xlsx")
    blank = read_sheet(sheet)
    assert blank.rows == ()
    assert {"单位*", "编号*", "位置*", "种类", "购置日期"} <= set(blank.headers)
    answer = mine.post(START, {"file": upload("t.xlsx", sheet.read_bytes())})
    assert (answer.status_code, "表头下面没有数据" in answer.content.decode()) == (422, True)


def test_imports_are_the_senders_own(mine: Client, tree: Tree) -> None:
    page = sent(mine, GOOD)
    other = sign_in(Client(), a_user("lamp_keeper", tree.township))
    for answer in (
        other.get(page),
        other.get(f"{page}errors"),
        other.post(f"{page}confirm", {"mode": "all"}),
    ):
        assert answer.status_code == 404
    source = mine.get(page).content.decode().split("/files/")[1].split("/")[0]
    assert mine.get(f"/files/{source}/download").status_code == 200
    assert other.get(f"/files/{source}/download").status_code == 404


def test_without_the_right_there_is_no_import(tree: Tree) -> None:
    guest = sign_in(Client(), a_user("lamp_guest", tree.township))
    assert guest.get(START).status_code == 403
    assert guest.post(START, {"file": a_file(GOOD)}).status_code == 403
    assert guest.get("/imports/of/sample.lamps/template").status_code == 403
    assert guest.get("/imports/of/sample.nothing/").status_code == 404


def test_what_cannot_be_read_is_said_on_the_page(mine: Client) -> None:
    answer = mine.post(START, {"file": upload("a.xlsx", EXE)})
    assert answer.status_code == 422
    assert "损坏" in answer.content.decode()
    assert mine.post(START, {}).status_code == 422
    page = sent(mine, UNKNOWN_UNIT)
    assert "没有可以导入的行" in mine.get(page).content.decode()
    assert mine.post(f"{page}cancel").status_code == 303
    assert "已放弃" in mine.get(page).content.decode()
