"""Items from rows (D01.2, SAF.10)."""

from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.importing import ItemRow
from anlan.kernel import ids
from anlan.kernel.errors import Forbidden
from tests.factories import Tree
from tests.forms.conftest import Bank

FIRE = ("消防安全",)


def row(number: int, wording: str, category: tuple[str, ...] = FIRE, **values: str) -> ItemRow:
    return ItemRow(number, category, wording, **{"standard": "合乎要求", **values})


ROWS = [
    row(2, "水带齐全", score="５", photos="2", level="应", note_required="是", phrases="缺水带；缺水枪"),
    row(3, ""),
    row(4, "栓口有水"),
    row(5, "没有这类", ("没有的类别",)),
    row(6, "箱门能开", answer_type="单选"),
]


def count() -> int:
    return forms.Item.objects.unscoped().count()


def test_bad_rows_are_told_with_number_and_reason_and_nothing_is_stored(
    tree: Tree, keeper: Actor, bank: Bank
):
    before = count()
    preview = forms.check_items(tree.county, ROWS)
    assert [(e.row, e.field) for e in preview.errors] == [(3, "wording"), (5, "category")]
    assert [e.text for e in preview.errors] == ["没有写检查内容", "题库里没有类别“没有的类别”"]
    assert len(preview.stored) == 3
    assert forms.import_items(keeper, tree.county, ROWS).stored == ()
    assert count() == before


def test_the_good_rows_alone_are_stored_when_wished_and_only_once(tree: Tree, keeper: Actor, bank: Bank):
    source = ids.new_uid()
    first = forms.import_items(keeper, tree.county, ROWS, good_only=True, source=source)
    assert [item.wording for item in first.stored] == ["水带齐全", "栓口有水", "箱门能开"]
    item = forms.Item.objects.unscoped().get(wording="水带齐全")
    assert (item.score, item.photos, item.level, item.note_required) == (5, 2, "must", True)
    assert (item.phrases, item.source) == (["缺水带", "缺水枪"], source)
    again = forms.import_items(keeper, tree.county, ROWS, good_only=True, source=source)
    assert (again.stored, again.there_already) == ((), (2, 4, 6))


def test_the_same_row_twice_in_one_file_is_stored_once(tree: Tree, keeper: Actor, bank: Bank):
    done = forms.import_items(keeper, tree.county, [row(2, "水带齐全"), row(3, " 水带齐全 ")])
    assert (len(done.stored), done.there_already) == (1, (3,))


def test_classes_are_added_where_the_import_may(tree: Tree, keeper: Actor, bank: Bank):
    line = ("消防安全", "器材", "水带")
    done = forms.import_items(keeper, tree.county, [row(2, "长 20 米", line)], create_categories=True)
    assert str(done.stored[0].category) == "消防安全 / 器材 / 水带"
    assert forms.ItemCategory.objects.unscoped().filter(title="消防安全").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"standard": ""}, "standard"),
        ({"score": "很多"}, "score"),
        ({"score": "-3"}, "score"),
        ({"photos": "半张"}, "photos"),
        ({"photos": "99"}, "photos"),
        ({"level": "必"}, "level"),
        ({"answer_type": "猜谜"}, "answer_type"),
        ({"wording": "长" * 501}, "wording"),
        ({"category": ()}, "category"),
        ({"category": ("一", "二", "三", "四")}, "category"),
    ],
)
def test_a_field_that_cannot_be_read_is_an_error_of_its_row(
    tree: Tree, bank: Bank, values: dict[str, Any], field: str
):
    made = {"wording": "水带齐全", "category": FIRE, **values}
    found = forms.check_items(tree.county, [row(7, **made)])
    assert [(error.row, error.field) for error in found.errors] == [(7, field)]


def test_schools_may_not_import(tree: Tree, school_user: Any, bank: Bank):
    with pytest.raises(Forbidden):
        forms.import_items(Actor.person(school_user), tree.county, [row(2, "水带齐全")])


def test_numbered_lines_of_a_document_become_rows():
    text = "消防检查内容\n1. 水带齐全\n（2）栓口有水\n三、箱门能开\n说明：以上每月一次\n4、\n12）灯亮"
    found = forms.rows_from_text(text, FIRE)
    assert [(one.number, one.wording) for one in found] == [
        (2, "水带齐全"),
        (3, "栓口有水"),
        (4, "箱门能开"),
        (7, "灯亮"),
    ]
