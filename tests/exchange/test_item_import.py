"""Inspection content prepared outside comes in from a sheet or a document (D01.2)."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.api import apply, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.files.api import attachment_by, may_read
from anlan.engines.forms.api import Item, ItemCategory, add_category
from anlan.kernel.errors import Forbidden, Rejected
from tests.factories import Tree, a_user, sign_in
from tests.files.making import EXE, a_docx, an_xlsx, upload

HEAD = ["类别", "检查内容", "检查标准", "分值"]
ROWS = [
    ["消防安全", "灭火器压力是否正常", "指针在绿区", 2],
    ["消防安全", None, "没有内容", 1],
    ["消防安全", "疏散通道是否畅通", "无杂物", 3.5],
    ["交通安全", "校车是否年检", "有年检标志", 1],
    ["消防安全", "应急灯是否完好", None, None],
]
PLAIN = {"category": "", "create": ""}


@pytest.fixture
def officer(tree: Tree) -> Any:
    return a_user("bureau_safety", tree.county)


@pytest.fixture
def bureau(officer: Any, tree: Tree) -> Actor:
    actor = Actor.person(officer, "web")
    add_category(actor, tree.county, "消防安全")
    return actor


def wordings() -> set[str]:
    return set(Item.objects.unscoped().values_list("wording", flat=True))


GOOD = {"灭火器压力是否正常", "疏散通道是否畅通", "应急灯是否完好"}


@pytest.mark.requirement("D01.2")
def test_three_good_rows_and_two_bad_ones(bureau: Actor) -> None:
    target = target_of("forms.items")
    sheet = an_xlsx(HEAD, *ROWS)
    session = prepare(bureau, target, upload("巡查内容.xlsx", sheet), PLAIN)
    problems = {row.number: row.problems for row in ImportRow.bad_of(session)}
    assert problems.keys() == {3, 5}
    assert problems[3] == {"wording": "没有填写"}
    assert "没有类别" in problems[5]["major"]
    with pytest.raises(Rejected):
        apply(bureau, session, "all")
    assert wordings() == set()
    apply(bureau, session, "good")
    assert wordings() == GOOD
    again = prepare(bureau, target, upload("巡查内容.xlsx", sheet), PLAIN)
    apply(bureau, again, "good")
    assert (again.added, again.same) == (0, 3)
    assert wordings() == GOOD
    source = attachment_by(Item.objects.unscoped().first().source)
    assert (source.name, may_read(bureau.user, source)) == ("巡查内容.xlsx", True)
    for name, content in (("a.xlsx", EXE), ("a.xlsx", b""), ("a.docx", EXE), ("a.exe", EXE)):
        with pytest.raises(Rejected):
            prepare(bureau, target, upload(name, content), PLAIN)
    with pytest.raises(Rejected, match="超过 30 MB"):
        prepare(bureau, target, upload("a.xlsx", sheet + bytes(31 * 1024 * 1024)), PLAIN)
    document = a_docx("消防检查要点", "1. 灭火器压力是否正常", "2. 消防栓水压是否达标", "（3）警铃能否响起")
    category = str(Item.objects.unscoped().first().category_id)
    lines = prepare(bureau, target, upload("要点.docx", document), {"category": category, "create": ""})
    assert lines.total == 3
    apply(bureau, lines, "all")
    assert (lines.added, lines.same) == (2, 1)
    assert wordings() == GOOD | {"消防栓水压是否达标", "警铃能否响起"}


def test_unknown_classes_can_be_made_on_the_way(bureau: Actor) -> None:
    target = target_of("forms.items")
    rows = [["交通安全", "校车是否年检", "有标志", 1]]
    session = prepare(
        bureau, target, upload("a.xlsx", an_xlsx(HEAD, *rows)), {"category": "", "create": "yes"}
    )
    apply(bureau, session, "all")
    assert str(Item.objects.unscoped().get().category) == "交通安全"


def test_a_document_needs_a_category_and_a_right(bureau: Actor, tree: Tree) -> None:
    target = target_of("forms.items")
    with pytest.raises(Rejected, match="归入哪一类别"):
        prepare(bureau, target, upload("a.txt", "1. 灭火器".encode()), PLAIN)
    with pytest.raises(Rejected):
        prepare(bureau, target, upload("a.txt", "1. 灭火器".encode()), {"category": "999", "create": ""})
    school = Actor.person(a_user("school_safety", tree.school))
    with pytest.raises(Forbidden):
        prepare(school, target, upload("a.txt", "1. 灭火器".encode()), PLAIN)


CLASSED = ["大类", "中类", "小类", "检查内容", "检查标准", "要求程度", "标准分"]
MIXED = [
    ["消防安全", "消防设施", "灭火器", "压力指针在绿区", "铅封完好", "应", 2],
    ["消防安全", "消防设施", None, "疏散指示灯常亮", "断电 30 分钟仍亮", "应", 3],
    ["消防安全", "消防设施", None, None, "没有内容", "应", 1],
    ["消防安全", None, None, "每月演练一次", "有记录", "也许", 1],
    ["校车安全", None, None, "校车年检", "有年检标志", "宜", "许多"],
    ["校车安全", None, None, "随车照管员到岗", "签到", "宜", 1],
]
LINES = {
    "压力指针在绿区": "消防安全 / 消防设施 / 灭火器",
    "疏散指示灯常亮": "消防安全 / 消防设施",
    "随车照管员到岗": "校车安全",
}


def lines() -> dict[str, str]:
    """Every item of the bank with its classes."""
    rows = Item.objects.unscoped().select_related("category__parent__parent")
    return {item.wording: str(item.category) for item in rows}


@pytest.mark.requirement("SAF.10")
def test_an_import_brings_good_rows_with_their_classes_once_and_schools_change_nothing(
    bureau: Actor, tree: Tree
) -> None:
    office, start = sign_in(Client(), bureau.user), "/imports/of/forms.items/"
    assert f'href="{start}"' in office.get("/forms/items/").content.decode()
    for turn in ("新增 3 条", "新增 0 条，更新 0 条，没有变化 3 条，没有导入 3 行"):
        sent = {"file": upload("项目.xlsx", an_xlsx(CLASSED, *MIXED)), "category": "", "create": "yes"}
        answer = office.post(start, sent)
        assert answer.status_code == 303
        page = office.get(answer["Location"]).content.decode()
        assert "共读到 6 行，可以导入 3 行，有问题 3 行" in page
        for row, reason in ((4, "没有填写"), (5, "要求程度"), (6, "标准分")):
            assert f"第 {row} 行" in page
            assert reason in page
        assert office.post(f"{answer['Location']}confirm", {"mode": "good"}).status_code == 303
        assert turn in office.get(answer["Location"]).content.decode()
        assert lines() == LINES
    free = {
        "category": Item.objects.unscoped().first().category_id, "wording": "自拟一项", "standard": "自拟",
        "answer_type": "verdict", "photos": 0, "level": "must",
    }  # fmt: skip
    assert office.post("/forms/items/new/", free).status_code == 303, "items are also added freely"

    one = Item.objects.unscoped().get(wording="随车照管员到岗")
    kept, categories = lines(), ItemCategory.objects.unscoped().count()
    for role in ("school_safety", "school_head", "school_contact", "staff"):
        school = sign_in(Client(), a_user(role, tree.school))
        for address in (
            start,
            "/forms/items/new/",
            f"/forms/items/{one.pk}/",
            f"/forms/items/{one.pk}/delete/",
            "/forms/items/categories/new/",
            f"/forms/items/categories/{one.category_id}/",
            f"/forms/items/categories/{one.category_id}/delete/",
        ):
            assert school.post(address, free).status_code in (403, 404), (role, address)
        assert start not in school.get("/forms/items/").content.decode()
    assert (lines(), ItemCategory.objects.unscoped().count()) == (kept, categories)
    seen = sign_in(Client(), a_user("school_safety", tree.school)).get("/forms/items/")
    assert "压力指针在绿区" in seen.content.decode(), "they read what they are measured by"
