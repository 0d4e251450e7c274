"""Pages of the item bank and the form builder (D01.1, D01.3)."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from tests.factories import Tree, a_user, sign_in
from tests.forms.conftest import Bank, passing


@pytest.fixture
def office(client: Client, keeper: Actor) -> Client:
    return sign_in(client, keeper.user)


def shown(client: Client, address: str, status: int = 200) -> str:
    found = client.get(address)
    assert found.status_code == status, found.content.decode()[:500]
    return found.content.decode()


def whole(bank: Bank, **values: Any) -> dict[str, Any]:
    return {
        "category": bank.fire.pk,
        "wording": "消火栓水压足",
        "answer_type": "verdict",
        "standard": "不低于 0.1 兆帕",
        "photos": 1,
        "level": "must",
        **values,
    }


def test_a_new_item_appears_under_its_category_and_is_found_by_part_of_its_wording(
    office: Client, bank: Bank
):
    assert office.post("/forms/items/new/", whole(bank)).status_code == 303
    assert "消火栓水压足" in shown(office, f"/forms/items/?category={bank.fire.pk}")
    assert "消火栓水压足" not in shown(office, f"/forms/items/?category={bank.food.pk}")
    found = shown(office, "/forms/items/?q=水压")
    assert "消火栓水压足" in found
    assert "灭火器" not in found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"wording": ""}, "这个字段是必填项"),
        ({"category": ""}, "这个字段是必填项"),
        ({"standard": ""}, "这个字段是必填项"),
        ({"score": "很多"}, "输入一个数字"),
        ({"wording": "疏散通道畅通"}, "这一类别里已有同样的内容"),
    ],
)
def test_a_bad_item_is_refused_with_words_and_what_was_typed_stays(
    office: Client, bank: Bank, change: dict[str, Any], message: str
):
    before = forms.Item.objects.unscoped().count()
    found = office.post("/forms/items/new/", whole(bank, fails_when="栓口无水", **change))
    assert found.status_code == 422
    assert message in found.content.decode()
    assert "栓口无水" in found.content.decode()
    assert forms.Item.objects.unscoped().count() == before


def test_a_used_item_is_retired_and_a_filled_category_stays(
    office: Client, inspector: Actor, bank: Bank, response: Any
):
    forms.save_answers(inspector, response, passing("q1"))
    assert office.post(f"/forms/items/{bank.extinguisher.pk}/delete/").status_code == 303
    assert "灭火器压力" not in shown(office, "/forms/items/")
    assert "已停用" in shown(office, "/forms/items/?retired=1")
    assert office.post(f"/forms/items/categories/{bank.fire.pk}/delete/").status_code == 409
    assert "消防安全" in shown(office, "/forms/items/")


def test_categories_are_made_renamed_and_refused_twice(office: Client, bank: Bank):
    new = {"title": "燃气安全", "position": 3, "parent": bank.fire.pk}
    assert office.post("/forms/items/categories/new/", new).status_code == 303
    assert office.post("/forms/items/categories/new/", new).status_code == 422
    made = forms.ItemCategory.objects.unscoped().get(title="燃气安全")
    renamed = {"title": "燃气", "position": 3, "parent": bank.fire.pk}
    assert office.post(f"/forms/items/categories/{made.pk}/", renamed).status_code == 303
    assert "燃气" in shown(office, "/forms/items/")
    assert office.post(f"/forms/items/categories/{made.pk}/delete/").status_code == 303


def test_schools_look_and_do_not_touch(client: Client, school_user: Any, bank: Bank, definition: Any):
    sign_in(client, school_user)
    page = shown(client, "/forms/items/")
    assert "灭火器压力" in page
    assert "新增检查内容" not in page
    assert client.get("/forms/items/new/").status_code == 403
    assert client.get(f"/forms/items/{bank.exit.pk}/").status_code == 403
    assert client.post("/forms/items/new/", whole(bank)).status_code == 403
    assert client.post(f"/forms/items/{bank.exit.pk}/delete/").status_code == 403
    assert client.post(f"/forms/{definition.pk}/act/publish/").status_code == 403
    assert client.post(f"/forms/{definition.pk}/edit/remove/", {"uid": "q1"}).status_code == 403
    assert "加这一题" not in shown(client, f"/forms/{definition.pk}/")


def test_another_county_finds_nothing(client: Client, tree: Tree, bank: Bank, definition: Any, version: Any):
    sign_in(client, a_user("bureau_safety", tree.other_county))
    for address in (
        f"/forms/items/{bank.exit.pk}/",
        f"/forms/items/?category={bank.fire.pk}",
        f"/forms/{definition.pk}/",
        f"/forms/{definition.pk}/versions/",
        f"/forms/{definition.pk}/preview/",
        f"/forms/versions/{version.pk}/",
    ):
        assert client.get(address).status_code == 404
    assert "开学检查表" not in shown(client, "/forms/")


def test_a_form_is_made_from_the_bank_and_put_into_use(office: Client, bank: Bank):
    made = office.post("/forms/new/", {"title": "食堂检查表", "subject": "食堂"})
    assert made.status_code == 303
    address = made["Location"]
    assert office.post(f"{address}act/publish/").status_code == 422
    step = lambda verb, **values: office.post(f"{address}edit/{verb}/", values)  # noqa: E731
    assert step("add_item", item=bank.samples.pk, section=0).status_code == 303
    assert step("add_section", title="其他").status_code == 303
    assert step("add_question", text="负责人", type="person", section=1).status_code == 303
    definition = forms.FormDefinition.objects.unscoped().get(title="食堂检查表")
    first, second = definition.form().questions()
    assert (first.text, first.standard, second.type) == ("留样满 48 小时", "留样满 48 小时合乎要求", "person")
    assert step("down", uid=first.uid).status_code == 303
    definition.refresh_from_db()
    assert [q.uid for q in definition.form().sections[1].questions] == [first.uid, second.uid]
    assert step("add_item", item=10**9).status_code == 404
    assert step("add_question", text=" ").status_code == 422
    assert step("explode").status_code == 404
    assert office.post(f"{address}act/publish/").status_code == 303
    assert "在用" in shown(office, address)
    assert "首次启用" in shown(office, f"{address}versions/")


def test_one_question_is_edited_with_its_evidence_choices_and_conditions(
    office: Client, definition: Any, keeper: Actor
):
    address = f"/forms/{definition.pk}/questions/q3/"
    page = shown(office, address)
    assert "疏散通道畅通：不合格" in page
    given = {
        "text": "留样情况",
        "type": "single",
        "standard": "48 小时",
        "required": "on",
        "choices": "齐全=合格\n缺样=不合格",
        "photos": 2,
        "score": "5",
        "shown_if": ["q2=pass"],
        "decimals": 0,
        "level": "",
    }
    assert office.post(address, given).status_code == 303
    definition.refresh_from_db()
    made = definition.form().by_uid()["q3"]
    assert [(o.label, o.verdict) for o in made.options] == [("齐全", "pass"), ("缺样", "fail")]
    assert made.evidence[0].photos == 2
    assert (made.shown_if[0].question, made.shown_if[0].among) == ("q2", ("pass",))
    found = office.post(address, {**given, "choices": "齐全=大概"})
    assert found.status_code == 422
    assert "等号后只能写" in found.content.decode()
    assert office.post(address, {**given, "choices": ""}).status_code == 422
    assert shown(office, f"/forms/{definition.pk}/questions/ghost/", 404)


def test_a_stale_page_does_not_overwrite(office: Client, definition: Any):
    seen = definition.version
    step = {"uid": "q1", "version": seen}
    assert office.post(f"/forms/{definition.pk}/edit/down/", step).status_code == 303
    assert office.post(f"/forms/{definition.pk}/edit/remove/", step).status_code == 409


def test_htmx_gets_the_outline_only(office: Client, definition: Any):
    found = office.post(f"/forms/{definition.pk}/edit/down/", {"uid": "q1"}, headers={"HX-Request": "true"})
    assert found.content.decode().lstrip().startswith('<div id="outline">')
    bank = office.get(f"/forms/{definition.pk}/bank/?q=留样", headers={"HX-Request": "true"})
    assert "<html" not in bank.content.decode()
    assert "加入：留样满 48 小时" in bank.content.decode()
    assert "灭火器" not in bank.content.decode()


def test_copy_and_withdraw(office: Client, definition: Any, version: Any):
    copied = office.post(f"/forms/{definition.pk}/act/copy/")
    assert "开学检查表（副本）" in shown(office, copied["Location"])
    assert office.post(f"/forms/{definition.pk}/act/withdraw/").status_code == 303
    assert "已停用" in shown(office, f"/forms/{definition.pk}/")
    assert office.post(f"/forms/{definition.pk}/act/withdraw/").status_code == 409


def test_names_are_escaped(office: Client, tree: Tree, keeper: Actor, bank: Bank):
    evil = "<script>alert(1)</script>"
    forms.add_item(keeper, tree.county, category=bank.fire, wording=evil, standard=evil)
    form = forms.add_form(keeper, tree.county, title=evil, subject=evil)
    for address in ("/forms/items/", "/forms/", f"/forms/{form.pk}/"):
        assert evil not in shown(office, address)


def test_a_form_in_use_offers_a_new_version_only_when_something_changed(
    office: Client, definition: Any, bank: Bank
):
    assert office.post(f"/forms/{definition.pk}/act/publish/").status_code == 303
    assert "发布新版本" not in shown(office, f"/forms/{definition.pk}/")
    office.post(f"/forms/{definition.pk}/edit/add_item/", {"item": bank.samples.pk, "section": 0})
    assert "发布新版本" in shown(office, f"/forms/{definition.pk}/")
    assert office.post(f"/forms/{definition.pk}/act/publish/").status_code == 303
    assert "发布新版本" not in shown(office, f"/forms/{definition.pk}/")


def test_an_item_takes_school_types_and_hazard_words_by_name_and_no_others(office: Client, bank: Bank):
    page = shown(office, "/forms/items/new/")
    assert "幼儿园" in page
    assert "较大" in page
    chosen = whole(bank, school_types=["kindergarten"], hazard_grade="large")
    assert office.post("/forms/items/new/", chosen).status_code == 303
    made = forms.Item.objects.unscoped().get(wording="消火栓水压足")
    assert (made.school_types, made.hazard_grade) == (["kindergarten"], "large")
    wrong = whole(bank, wording="水带完好", school_types=["castle"])
    assert office.post("/forms/items/new/", wrong).status_code == 422


def test_an_import_reads_school_types_by_name_and_names_the_unknown_one(tree: Tree, bank: Bank):
    row = forms.ItemRow(
        1, (bank.fire.title,), wording="水带完好", standard="无破损", school_types="幼儿园；小学"
    )
    (item,) = forms.check_items(bank.fire.org, [row]).stored
    assert item.school_types == ["kindergarten", "primary"]
    wrong = forms.ItemRow(2, (bank.fire.title,), wording="水枪完好", standard="齐全", school_types="城堡")
    (error,) = forms.check_items(bank.fire.org, [wrong]).errors
    assert (error.field, error.text) == ("school_types", "没有“城堡”这一项")
