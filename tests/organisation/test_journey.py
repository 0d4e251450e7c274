"""A responsibility letter signed by finger on a phone, checked by the code on its print, tampered with, found out."""

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
from PIL import Image
from playwright.sync_api import Locator, expect

from anlan.domains.organisation.issuing import issue_letters
from anlan.domains.organisation.letters import Letter
from anlan.engines.output.api import content_of, paper_of
from tests.journeys.walk import DESK, PHONE, Walk
from tests.organisation.conftest import Bureau
from tests.organisation.test_letters import DRAWN, letter_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def draw(pad: Locator) -> None:
    """A stroke of a finger across the pad."""
    pad.scroll_into_view_if_needed()
    box: Any = pad.bounding_box()
    finger = pad.page.context.new_cdp_session(pad.page)
    steps = [
        (box["x"] + box["width"] * (0.2 + 0.06 * n), box["y"] + box["height"] * (0.3 + 0.4 * (n % 2)))
        for n in range(10)
    ]
    for at, (x, y) in enumerate(steps):
        kind = "touchMove" if at else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def code_says(pdf: bytes, text: str) -> bool:
    """Whether the code drawn on the first page is the one of ``text``, square by square."""
    sheet: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("L")
    corner = sheet.crop((sheet.width * 3 // 4, 0, sheet.width, sheet.height // 6)).point(
        lambda v: 255 * (v < 128)
    )
    left, top, right, _ = corner.getbbox()
    matrix = segno.make(text, error="m", micro=False).matrix
    size = (right - left) / len(matrix)
    return all(
        bool(corner.getpixel((left + size * (x + 0.5), top + size * (y + 0.5)))) == bool(dark)
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
    )


def test_a_letter_signed_by_finger_is_checked_from_its_print_and_tampering_shows(
    walk: Walk, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SITE_URL = live_server.url
    bureau = Bureau()
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1", "S2"), DRAWN)
    head = bureau.account(bureau.heads[0])
    page = walk.from_todos(head, PHONE, "校园安全目标责任书", "签署")
    page.get_by_role("link", name="签署").filter(visible=True).first.click()
    pad = page.locator("canvas[data-al-sign]")
    expect(pad).to_be_visible()
    draw(pad)
    walk.look("drawn")
    page.get_by_role("button", name="签署").click()
    expect(page.get_by_role("main")).to_contain_text("已签署")
    walk.look("signed")

    letter = letter_of(bureau, "S1")
    assert letter.signed_at is not None
    paper: Any = paper_of(letter)
    pdf = content_of(paper)
    assert code_says(pdf, f"{live_server.url}{paper.address}")

    page.context.clear_cookies()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}{paper.address}")
    expect(page.get_by_text("文书有效")).to_be_visible()
    expect(page.get_by_text("王校长")).to_have_count(0)
    for name, content, said in (
        ("真.pdf", pdf, "文件一致"),
        ("假.pdf", pdf.replace(b"%%EOF", b"%%EOF "), "文件不一致"),
    ):
        held = tmp_path / name
        held.write_bytes(content)
        page.get_by_label("手里的 PDF 文件").set_input_files(held)
        page.get_by_role("button", name="比对").click()
        expect(page.get_by_text(said, exact=True)).to_be_visible()
    walk.look("other-file")
    Letter.unguarded.filter(pk=letter.pk).update(body="责任由学校自行承担")
    page.goto(f"{live_server.url}{paper.address}")
    expect(page.get_by_text("核验不通过")).to_be_visible()
    expect(page.get_by_text("文书有效")).to_have_count(0)
    walk.look("tampered")
