"""Special checks as bureau, school and group meet them on their pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.judging import judge, raise_hazard
from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.forms.api import (
    Form,
    Section,
    add_category,
    add_form,
    publish,
    question_from,
    save_content,
)
from anlan.engines.forms.api import add_item as bank_item
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.files.making import EXE, a_picture
from tests.safety.specials import Cast, verdicts
from tests.safety.test_inspection_groups import page, web

pytestmark = pytest.mark.django_db
CHECKS, PARTS = "/safety/special-checks/", "/safety/special-parts/"


def a_template(cast: Cast) -> Any:
    """A form in use whose one item stands under three classes."""
    unit = cast.county.units["county"]
    line = None
    for title in ("消防安全", "消防设施", "灭火器材"):
        line = add_category(cast.bureau, unit, title, parent=line)
    item = bank_item(
        cast.bureau, unit, category=line, wording="灭火器在有效期内", standard="有检验合格证", score=5
    )
    form = add_form(cast.bureau, unit, title="消防检查模板", subject="消防", explanation="开学用")
    save_content(cast.bureau, form, Form((Section("消防", (question_from(item),)),)))
    publish(cast.bureau, form)
    form.refresh_from_db()
    return form, item


@pytest.mark.requirement("SAF.09")
def test_a_template_of_three_levels_is_copied_and_changed_later(cast: Cast) -> None:
    form, item = a_template(cast)
    cast.assign("school")
    check = cast.check("school")
    check.items.all().delete()
    taken = web(cast.bureau).post(f"{CHECKS}{check.pk}/act/add_template", {"template": form.pk})
    assert taken.status_code == 303
    row = SpecialItem.objects.get(check_of=check)
    said = (row.major, row.middle, row.wording, row.standard, row.score)
    assert said == ("消防安全", "消防设施 / 灭火器材", "灭火器在有效期内", "有检验合格证", 5)
    perform(cast.bureau, check, "publish")
    changed = question_from(item, standard="改过的标准", text="改过的内容")
    save_content(cast.bureau, form, Form((Section("消防", (changed,)),)))
    publish(cast.bureau, form)
    shown = page(cast.head, f"{CHECKS}{check.pk}/")
    assert "有检验合格证" in shown
    assert "改过" not in shown
    bank = {"category": item.category_id, "wording": "新的一项", "answer_type": "verdict", "photos": 0}
    for fault in ({"standard": ""}, {"standard": "有", "score": "五分"}):
        assert web(cast.bureau).post("/forms/items/new/", bank | fault).status_code == 422
    by_hand = {"major": "消防", "wording": "新的一项", "standard": "有", "score": "5"}
    draft = cast.check("school", title="手工添加")
    for fault in ({"standard": ""}, {"score": "五分"}):
        assert web(cast.bureau).post(f"{CHECKS}{draft.pk}/act/add_item", by_hand | fault).status_code == 422
    assert draft.items.count() == 2
    assert web(cast.bureau).post(f"{CHECKS}{draft.pk}/act/add_item", by_hand).status_code == 303


@pytest.mark.requirement("SAF.12")
def test_saved_checks_are_the_bureaus_own(cast: Cast) -> None:
    cast.assign("school", "second")
    saved = cast.check("school", title="只存了草稿")
    published = cast.published("school", "second")
    listed = page(cast.bureau, CHECKS)
    assert all(words in listed for words in ("只存了草稿", "草稿", "秋季消防专项检查", "检查中"))
    for check in (saved, published):
        shown = page(cast.bureau, f"{CHECKS}{check.pk}/")
        assert all(words in shown for words in ("灭火器压力正常", "school", "第一组"))
    for person in (cast.head, cast.contact, cast.leader, cast.member):
        assert "只存了草稿" not in page(person, CHECKS)
        assert "秋季消防专项检查" in page(person, CHECKS)
        assert web(person).get(f"{CHECKS}{saved.pk}/").status_code == 404
        assert web(person).get(f"{CHECKS}{published.pk}/").status_code == 200
    assert web(cast.outsider).get(f"{CHECKS}{published.pk}/").status_code == 404


@pytest.mark.requirement("SAF.13")
def test_the_contact_brings_papers_and_the_head_answers_for_them(cast: Cast) -> None:
    cast.assign("school")
    check = cast.published("school")
    part = cast.part()
    url, row = part.get_absolute_url(), SpecialResult.objects.unscoped().filter(part=part).first()
    assert "传材料" in page(cast.contact, "/todos/")
    assert "专项检查自查" in page(cast.contact, "/messages/")
    upload = f"{url}act/upload"
    wrong = web(cast.contact).post(upload, {"item": row.pk, "papers": SimpleUploadedFile("a.jpg", EXE)})
    assert wrong.status_code == 422
    picture = SimpleUploadedFile("灭火器.jpg", a_picture())
    assert web(cast.contact).post(upload, {"item": row.pk, "papers": picture}).status_code == 303
    assert "灭火器.jpg" in page(cast.head, url)
    sheet = {f"verdict-{item}": "pass" for item in check.items.values_list("pk", flat=True)}
    first, second = sheet
    assert web(cast.contact).post(f"{url}act/check_self", sheet).status_code == 403
    assert web(cast.head).post(f"{url}act/check_self", {first: "pass"}).status_code == 303
    early = web(cast.head).post(f"{url}move/submit", {"findings": "还差一项"})
    assert early.status_code == 409
    lacking = web(cast.head).post(f"{url}act/check_self", {first: "pass", second: "fail"})
    assert (lacking.status_code, "不合格要写明情况" in lacking.content.decode()) == (422, True)
    assert web(cast.head).post(f"{url}act/check_self", sheet).status_code == 303
    assert web(cast.contact).post(f"{url}move/submit", {"findings": "我来交"}).status_code == 403
    SpecialPart.unguarded.filter(pk=part.pk).update(due_at=clock.now() - timedelta(hours=1))
    assert "待自查逾期" in page(cast.bureau, f"{CHECKS}{check.pk}/")
    assert web(cast.head).post(f"{url}move/submit", {"findings": "已自查"}).status_code == 303
    part.refresh_from_db()
    assert part.state == "group"


@pytest.mark.requirement("SAF.43")
def test_everything_is_reached_from_the_check_down_to_the_hazard(cast: Cast) -> None:
    cast.assign("school", "second")
    check = cast.published("school", "second")
    part = cast.to_bureau(cast.part(), "pass", "fail")
    row = SpecialResult.objects.unscoped().get(part=part, item__number=2)
    hazard = raise_hazard(cast.leader, row, cast.county.category)
    judge(cast.bureau, part, "bureau", verdicts(part, "pass", "fail"))
    perform(cast.bureau, part, "bureau_confirm", {"bureau_summary": "同意"})
    for person in (cast.bureau, cast.head):
        shown = page(person, f"{CHECKS}{check.pk}/")
        assert f'href="{part.get_absolute_url()}"' in shown
        assert all(words in shown for words in ("灭火器压力正常", "第一组"))
        down = page(person, part.get_absolute_url())
        assert all(words in down for words in ("已自查", "属实", "同意", hazard.number, "待核实"))
        assert f'href="{hazard.get_absolute_url()}"' in down
        found = page(person, hazard.get_absolute_url())
        assert "疏散通道畅通" in found
        assert "待核实" in found
    assert "second" not in page(cast.head, f"{CHECKS}{check.pk}/"), "a school sees its own part only"
    other = cast.part("second")
    other_row = SpecialResult.objects.unscoped().filter(part=other).first()
    for url in (other.get_absolute_url(), f"/safety/special-results/{other_row.pk}/"):
        assert web(cast.head).get(url).status_code == 404
    assert web(cast.head).get(f"{PARTS}{part.pk}/hazard/{other_row.pk}").status_code == 404
    assert web(cast.outsider).get(part.get_absolute_url()).status_code == 404
    assert Hazard.objects.unscoped().count() == 1


def test_a_draft_can_lose_items_and_a_published_check_cannot(cast: Cast) -> None:
    cast.assign("school")
    check = cast.check("school")
    first = check.items.first()
    remove = f"{CHECKS}{check.pk}/act/remove_items"
    assert web(cast.bureau).post(remove, {"items": [first.pk]}).status_code == 303
    assert [(item.number, item.wording) for item in check.items.all()] == [(1, "疏散通道畅通")]
    perform(cast.bureau, check, "publish")
    left = SpecialItem.objects.get(check_of=check)
    assert web(cast.bureau).post(remove, {"items": [left.pk]}).status_code == 409
    assert SpecialCheck.unguarded.get(pk=check.pk).items.count() == 1
