"""Inspection content prepared outside comes in from a sheet or a document (D01.2)."""

from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.api import apply, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.files.api import attachment_by, may_read
from anlan.engines.forms.api import Item, add_category
from anlan.kernel.errors import Forbidden, Rejected
from tests.factories import Tree, a_user
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
