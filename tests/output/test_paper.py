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
from anlan.engines.files.api import attach
from anlan.engines.output.api import pdf_of, qr_data, qr_svg
from tests.files.making import a_picture, upload
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
