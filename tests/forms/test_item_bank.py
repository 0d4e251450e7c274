"""The item bank (D01.1, SAF.09)."""

import pytest

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.forms import api as forms
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import Tree, a_user
from tests.forms.conftest import Bank, passing


def wordings(user, **wanted):
    return [item.wording for item in forms.find_items(user, **wanted)]


def test_an_item_appears_under_its_category_and_by_any_part_of_its_wording(keeper: Actor, bank: Bank):
    assert wordings(keeper.user, category=bank.fire) == ["灭火器压力在绿区", "疏散通道畅通"]
    assert wordings(keeper.user, text="压力") == ["灭火器压力在绿区"]
    assert wordings(keeper.user, text="通道 畅") == ["疏散通道畅通"]
    assert wordings(keeper.user, text="没有这话") == []


def test_a_major_class_lists_what_is_in_the_classes_below_it(tree: Tree, keeper: Actor, bank: Bank):
    middle = forms.add_category(keeper, tree.county, "器材", parent=bank.fire)
    lowest = forms.add_category(keeper, tree.county, "灭火器", parent=middle)
    forms.add_item(keeper, tree.county, category=lowest, wording="定期检修", standard="每年一次")
    assert "定期检修" in wordings(keeper.user, category=bank.fire)
    with pytest.raises(Rejected) as said:
        forms.add_category(keeper, tree.county, "第四级", parent=lowest)
    assert set(said.value.fields) == {"parent"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"wording": ""}, "wording"),
        ({"wording": "  "}, "wording"),
        ({"category": None}, "category"),
        ({"standard": ""}, "standard"),
        ({"score": "很多"}, "score"),
        ({"score": "-1"}, "score"),
        ({"wording": "疏散 通道 畅通".replace(" ", "")}, "wording"),
    ],
)
def test_what_is_not_whole_is_refused_at_its_field(tree: Tree, keeper: Actor, bank: Bank, values, field):
    before = forms.Item.objects.unscoped().count()
    whole = {"category": bank.fire, "wording": "新的一项", "standard": "合乎要求", **values}
    with pytest.raises(Rejected) as said:
        forms.add_item(keeper, tree.county, **whole)
    assert set(said.value.fields) == {field}
    assert forms.Item.objects.unscoped().count() == before


def test_the_same_wording_may_stand_in_another_category(tree: Tree, keeper: Actor, bank: Bank):
    forms.add_item(keeper, tree.county, category=bank.food, wording="疏散通道畅通", standard="畅通")
    with pytest.raises(Rejected):
        forms.change_item(keeper, bank.samples, {"wording": " 疏散通道畅通 "})


def test_an_item_used_by_an_answer_is_retired_and_keeps_its_wording(
    keeper: Actor, inspector: Actor, bank: Bank, response: forms.Response
):
    forms.save_answers(inspector, response, passing("q1"))
    assert forms.delete_item(keeper, bank.extinguisher) == "retired"
    assert "灭火器压力在绿区" not in wordings(keeper.user)
    assert "灭火器压力在绿区" in wordings(keeper.user, retired=True)
    assert response.answers.get(question="q1").item.wording == "灭火器压力在绿区"
    forms.restore_item(keeper, bank.extinguisher)
    assert "灭火器压力在绿区" in wordings(keeper.user)


def test_an_item_nobody_used_goes_for_good(keeper: Actor, bank: Bank):
    assert forms.delete_item(keeper, bank.samples) == "deleted"
    assert "留样满 48 小时" not in wordings(keeper.user, retired=True)
    forms.add_item(keeper, bank.food.org, category=bank.food, wording="留样满 48 小时", standard="48 小时")


def test_a_category_with_items_is_not_deleted_but_may_be_retired(tree: Tree, keeper: Actor, bank: Bank):
    with pytest.raises(Conflict):
        forms.delete_category(keeper, bank.fire)
    forms.add_category(
        keeper, tree.county, "燃气", parent=(empty := forms.add_category(keeper, tree.county, "空"))
    )
    with pytest.raises(Conflict):
        forms.delete_category(keeper, empty)
    forms.retire_category(keeper, bank.fire)
    assert "消防安全" not in [category.title for category in forms.categories_for(keeper.user)]
    assert wordings(keeper.user, text="灭火器") == ["灭火器压力在绿区"]


def test_an_empty_category_is_deleted(tree: Tree, keeper: Actor):
    empty = forms.add_category(keeper, tree.county, "空")
    forms.delete_category(keeper, empty)
    assert forms.categories_for(keeper.user) == []
    forms.add_category(keeper, tree.county, "空")


def test_doubled_category_titles_are_refused(tree: Tree, keeper: Actor, bank: Bank):
    for parent in (None, bank.food):
        forms.add_category(keeper, tree.county, "门卫", parent=parent)
        with pytest.raises(Rejected):
            forms.add_category(keeper, tree.county, "门卫 ", parent=parent)


@pytest.mark.parametrize("act", ["add", "change", "delete", "category"])
def test_schools_see_the_bank_and_may_not_change_it(tree: Tree, bank: Bank, school_user, act: str):
    assert wordings(school_user, text="灭火器") == ["灭火器压力在绿区"]
    school = Actor.person(school_user)
    acts = {
        "add": lambda: forms.add_item(school, tree.county, category=bank.fire, wording="x", standard="x"),
        "change": lambda: forms.change_item(school, bank.exit, {"wording": "x"}),
        "delete": lambda: forms.delete_item(school, bank.exit),
        "category": lambda: forms.add_category(school, tree.school, "x"),
    }
    with pytest.raises(Forbidden):
        acts[act]()
    assert AuditEntry.objects.filter(succeeded=False, user=school_user).exists()


def test_a_county_may_not_change_what_the_province_laid_down(tree: Tree, keeper: Actor):
    province = Actor.person(a_user("bureau_safety", tree.province))
    category = forms.add_category(province, tree.province, "省定")
    item = forms.add_item(province, tree.province, category=category, wording="省定一项", standard="x")
    assert wordings(keeper.user) == ["省定一项"]
    with pytest.raises(Forbidden):
        forms.change_item(keeper, item, {"wording": "改了"})


def test_a_neighbouring_county_sees_nothing(tree: Tree, bank: Bank):
    assert wordings(a_user("bureau_safety", tree.other_county)) == []
