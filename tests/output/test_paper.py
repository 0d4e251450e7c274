"""Records on paper: readable Chinese, the font inside, nothing fetched from anywhere."""

import ctypes
import socket
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from pypdfium2 import raw

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.files.api import attach, attachments_of, put_whole
from anlan.engines.forms import api as forms
from anlan.engines.forms.purposes import Purpose, purposes
from anlan.engines.output.api import pdf_of, qr_data, qr_svg
from tests.factories import Tree, a_user, sign_in
from tests.files.making import MP3, a_docx, a_picture, an_xlsx, upload
from tests.sample.lamps import Lamp


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def fonts_of(content: bytes) -> dict[str, bool]:
    """Fonts of the first page, and whether each travels with the document."""
    found = {}
    for item in pypdfium2.PdfDocument(content)[0].get_objects():
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            font, name = raw.FPDFTextObj_GetFont(item), ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, 200)
            found[name.value.decode()] = raw.FPDFFont_GetIsEmbedded(font) == 1
    return found


def test_a_record_prints_with_facts_pictures_and_history(
    mine: Client, lamps: list[Lamp], keeper: Any
) -> None:
    attach(Actor.person(keeper), lamps[1], upload("a.jpg", a_picture()), "before")
    answer = mine.get(f"/sample/lamps/{lamps[1].pk}/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = "".join(pages_of(answer.content))
    for words in ("D-1", "西侧", "池店一小", "138****0001", "办理记录", "登记", keeper.name):
        assert words in text
    assert "13859700001" not in text
    assert "没有照片" not in text
    assert "没有照片" in "".join(pages_of(mine.get(f"/sample/lamps/{lamps[0].pk}/pdf").content))
    fonts = fonts_of(answer.content)
    assert any("Noto" in name for name in fonts)
    assert all(fonts.values())
    assert AuditEntry.objects.filter(action="print", object_id=str(lamps[1].pk)).exists()


def test_several_records_print_together_each_on_its_own_page(mine: Client, lamps: list[Lamp]) -> None:
    chosen = [lamps[2].pk, lamps[0].pk]
    pages = pages_of(mine.get("/sample/lamps/pdf", {"chosen": chosen}).content)
    assert len(pages) == 2
    assert "门厅" in pages[0]
    assert "东侧" in pages[1]
    assert mine.get("/sample/lamps/pdf").status_code == 422
    assert mine.get("/sample/lamps/pdf", {"chosen": [*chosen, lamps[3].pk]}).status_code == 404
    assert mine.get(f"/sample/lamps/{lamps[3].pk}/pdf").status_code == 404


@pytest.mark.requirement("D12.3")
def test_forms_records_lists_and_files_print_on_a4_and_only_within_the_scope(
    mine: Client, lamps: list[Lamp], keeper: Any, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filled form with heading, page numbers and signature; a list across; PDF, Word with its picture, Excel and
    pictures as PDF in place; nothing of it by address outside the scope.
    """
    response = a_signed_sheet(keeper, tree, monkeypatch)
    paper = mine.get(f"/forms/responses/{response.uid}/pdf")
    first, *further = pages_of(paper.content)
    assert further
    for number, text in enumerate((first, *further), 1):
        assert f"第 {number} 页，共 {len(further) + 1} 页" in text
    for words in ("灯具检查表", "池店一小", "第 1 题", "一切正常"):
        assert words in first
    assert f"{keeper.name}" in further[-1]
    assert "签名有效" in further[-1]
    assert sizes_of(paper.content) == {(595, 842)}
    assert pictures_on(paper.content)[-1] == 1

    record = mine.get(f"/sample/lamps/{lamps[1].pk}/pdf")
    assert sizes_of(record.content) == {(595, 842)}
    listed = mine.get("/sample/lamps/export", {"format": "pdf"})
    assert sizes_of(listed.content) == {(842, 595)}
    text = "".join(pages_of(listed.content))
    for words in ("灯具台账", "购置日期", "2026-03-01", "=东侧", "138****0001", "第 1 页，共 1 页", "导出人"):
        assert words in text
    assert "远处" not in text

    kinds = {
        "方案.docx": (a_docx("应急预案全文", picture=a_picture()), "应急预案全文"),
        "台账.xlsx": (an_xlsx(["名称", "数量"], ["灭火器", 3]), "灭火器"),
        "通知.pdf": (pdf_of("<p>关于检查的通知</p>"), "关于检查的通知"),
        "照片.jpg": (a_picture(), "照片.jpg"),
        "说明.txt": ("第一行".encode("gbk"), "第一行"),
    }
    far = sign_in(Client(), a_user("lamp_keeper", tree.far_school))
    for name, (content, words) in kinds.items():
        item = attach(Actor.person(keeper), lamps[1], upload(name, content), "before")
        assert f"/prints/{item.uid}" in mine.get(item.address("preview")).content.decode()
        printed = mine.get(f"/prints/{item.uid}")
        assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
        assert printed["Content-Disposition"].startswith("inline")
        assert words in "".join(pages_of(printed.content)), name
        assert far.get(f"/prints/{item.uid}").status_code == 404
    word = mine.get(f"/prints/{next(iter(attachments_of(lamps[1]))).uid}")
    assert pictures_on(word.content) == [1]
    sound = attach(Actor.person(keeper), lamps[1], upload("录音.mp3", MP3), "before")
    assert mine.get(f"/prints/{sound.uid}").status_code == 422
    for address in (f"/sample/lamps/{lamps[1].pk}/pdf", f"/forms/responses/{response.uid}/pdf"):
        assert far.get(address).status_code == 404
    assert AuditEntry.objects.filter(action="print").count() == 2 + len(kinds) + 1


def pictures_on(content: bytes) -> list[int]:
    """How many pictures each page holds."""
    pages = list(pypdfium2.PdfDocument(content))
    return [sum(item.type == raw.FPDF_PAGEOBJ_IMAGE for item in page.get_objects()) for page in pages]


def sizes_of(content: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages in points."""
    return {(round(page.get_width()), round(page.get_height())) for page in pypdfium2.PdfDocument(content)}


def a_signed_sheet(keeper: Any, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> forms.Response:
    """A form of forty questions, filled in and signed by hand."""
    purpose = Purpose("tests-lamps", "灯具检查", "sample.lamps.view", "sample.lamps.edit")
    monkeypatch.setitem(purposes._items, "tests-lamps", purpose)
    asked = tuple(forms.Question(f"q{n}", "text", f"第 {n} 题") for n in range(1, 41))
    form = forms.Form((forms.Section("灯具", asked),), signed=True)
    office = Actor.person(a_user("bureau_safety", tree.county))
    definition = forms.add_form(office, tree.county, title="灯具检查表", subject="消防", form=form)
    actor = Actor.person(keeper)
    response = forms.begin(actor, forms.publish(office, definition), tree.school, "tests-lamps")
    drawn = put_whole(keeper, upload("签名.png", a_picture("PNG", colour="black")))
    answers = [forms.AnswerIn(question.uid, "一切正常") for question in asked]
    return forms.submit(actor, response, answers, signature=str(drawn.uid))


def test_paper_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("paper reached for the network")

    monkeypatch.setattr(socket, "create_connection", refuse)
    content = pdf_of(
        f'<p>正文</p><img src="http://localhost:9/a.png"><link rel="attachment" href="file://{secret}">'
        f'<object data="file://{secret}"></object><style>@import url("http://localhost:9/a.css");</style>'
    )
    assert "正文" in "".join(pages_of(content))
    assert "机密".encode() not in content
    assert b"EmbeddedFile" not in content


def test_codes_carry_their_text() -> None:
    svg = qr_svg("https://anlan.example/quick/1", "随手报<二维码>")
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "&lt;" in svg
    assert qr_data("安澜").startswith("data:image/svg+xml")
