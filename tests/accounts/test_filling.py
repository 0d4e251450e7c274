"""What does not arise by itself is typed in, imported or uploaded, with date, person and period (S06.3)."""

from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.files.api import attachments_of
from tests.accounts.conftest import TODAY, Shelf
from tests.factories import a_user, sign_in
from tests.files.making import PDF, a_docx, a_picture, an_xlsx, upload

HEADS = ["单位", "台账", "材料名称", "是哪件应有材料", "日期", "经办人", "内容摘要"]


@pytest.fixture
def entry(shelf: Shelf) -> Section:
    """A ledger of the school, kept by the term, that takes Word and PDF."""
    said = {"materials": "演练方案\n演练记录", "period": "term", "file_kind": "document"}
    return shelf.section(None, "应急演练", **said)


def page_of_import(school: Client, *rows: list[str]) -> Any:
    """Send a sheet; the answer of the page that judges it, and its address."""
    sent = school.post("/accounts/items/import", {"file": upload("台账.xlsx", an_xlsx(HEADS, *rows))})
    return sent["Location"], school.get(sent["Location"]).content.decode()


@pytest.mark.requirement("S06.3")
def test_rows_of_a_sheet_are_refused_by_cell_and_reason_or_stored_with_day_and_person(
    shelf: Shelf, entry: Section
) -> None:
    school, unit = sign_in(Client(), shelf.keeper), shelf.tree.school
    create(SYSTEM, Person(org=unit, name="何敏"))
    good = [unit.name, "应急演练", "秋季疏散演练方案", "演练方案", "2026-10-12", "何敏", "全校参加"]
    faulty = (
        (4, "2026-13-45", "日期", "日期"),
        (4, "2026-10-21", "日期", "日期不能晚于今天"),
        (3, "演习方案", "是哪件应有材料", "请填下列之一：演练方案、演练记录"),
        (1, "没有的台账", "台账", "没有"),
        (2, "", "材料名称", "材料名称"),
    )
    rows = [[*good[:place], value, *good[place + 1 :]] for place, value, _, _ in faulty]
    place, page = page_of_import(school, good, *rows)
    for number, (_, _, column, reason) in enumerate(faulty, 3):
        told = page.split(f"第 {number} 行", 1)[1].split("</tr>", 1)[0]
        assert column in told, told
        assert reason in told, told
    assert school.post(f"{place}confirm", {"mode": "all"}).status_code in (409, 422)
    assert not Item.objects.unscoped().exists(), "all or nothing"
    place, _ = page_of_import(school, good)
    assert school.post(f"{place}confirm", {"mode": "all"}).status_code == 303
    item = Item.objects.unscoped().get()
    page = school.get(item.get_absolute_url()).content.decode()
    for words in ("秋季疏散演练方案", "2026-10-12", "何", "2026-2027 学年上学期", "全校参加"):
        assert words in page, words
    assert str(item.day) == "2026-10-12"
    assert item.person is not None


@pytest.mark.requirement("S06.3")
def test_word_and_pdf_are_taken_and_other_files_are_refused_at_the_field(
    shelf: Shelf, entry: Section
) -> None:
    school = sign_in(Client(), shelf.keeper)
    typed = {
        "org": shelf.tree.school.pk,
        "section": entry.pk,
        "title": "方案",
        "material": "演练方案",
        "day": TODAY,
    }
    new = "/accounts/items/new"
    for number, (name, content, why) in enumerate(
        (
            ("照片.jpg", a_picture(), "只收Word 或 PDF"),
            ("假的.pdf", b"MZ\x90 no pdf at all", "文件内容不是"),
            ("程序.exe", b"MZ\x90", "不接受"),
        )
    ):
        answer = school.post(new, typed | {"file": upload(name, content), "idempotency": f"a{number}"})
        assert answer.status_code == 422, name
        assert why in answer.content.decode(), name
        assert 'value="方案"' in answer.content.decode(), "what was typed is kept"
    assert not Item.objects.unscoped().exists()
    for name, content in (("方案.docx", a_docx("演练方案")), ("方案.pdf", PDF)):
        answer = school.post(new, typed | {"title": name, "file": upload(name, content), "idempotency": name})
        assert answer.status_code == 303, answer.content.decode()
        assert [one.name for one in attachments_of(Item.objects.unscoped().get(title=name))] == [name]


@pytest.mark.requirement("S06.3")
def test_the_second_of_two_who_edit_is_told_and_overwrites_nothing(shelf: Shelf, entry: Section) -> None:
    head = a_user("school_head", shelf.tree.school, name="王校长")
    item = shelf.item(entry, title="演练方案", material="演练方案")
    typed = {"org": item.org_id, "section": entry.pk, "material": "演练方案", "day": TODAY, "version": 1}
    first, second = sign_in(Client(), shelf.keeper), sign_in(Client(), head)
    edit = f"{item.get_absolute_url()}edit"
    assert first.post(edit, typed | {"title": "演练方案（何）", "idempotency": "a"}).status_code == 303
    late = second.post(edit, typed | {"title": "演练方案（王）", "idempotency": "b"})
    item.refresh_from_db()
    assert (late.status_code, item.title) == (409, "演练方案（何）")
    assert "演练方案（王）" in late.content.decode(), "what the second typed is not lost"
