"""An inspector checks a school without a network: the tab is killed, reopened, and everything arrives once."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.files.api import attachments_of
from anlan.engines.forms.api import Response
from tests.browser import Accessibility, Faults
from tests.safety.conftest import County
from tests.safety.patrols import Patrol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path / "hydrant.jpg"
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(path, "JPEG")
    return path


def answer(page: Page, number: int, word: str) -> None:
    """Tap one of the big choices of a question."""
    card = page.locator(".al-item").nth(number - 1)
    card.get_by_role("radio", name=word, exact=True).check()


def sign(page: Page) -> None:
    """Draw a line on the signature field."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 40, steps=6)
    page.mouse.up()


def test_a_whole_check_without_a_network(
    patrol: Patrol,
    live_server: Any,
    context: BrowserContext,
    phone: Page,
    enter: Any,
    axe: Accessibility,
    shot: Any,
    faults: Faults,
    picture: Path,
) -> None:
    task = patrol.task()
    enter(patrol.lin.user)
    phone.goto(f"{live_server.url}/safety/field/")
    expect(phone.get_by_text("带走 1 项任务")).to_be_visible()
    axe(phone)
    phone.evaluate("navigator.serviceWorker.ready")
    phone.reload()
    expect(phone.get_by_text("带走 1 项任务")).to_be_visible()

    context.set_offline(True)
    phone.get_by_role("link", name="school").click()
    answer(phone, 1, "合格")
    answer(phone, 2, "不合格")
    phone.get_by_label("哪里不合格").fill("缺水枪 1 支")
    phone.get_by_label("哪里不合格").blur()
    phone.get_by_label("拍照").last.set_input_files(picture)
    expect(phone.get_by_text("待上传")).to_be_visible()
    expect(phone.get_by_text("没有网络")).to_be_visible()
    shot(phone, "filled-offline")
    phone.close()

    again = context.new_page()
    again.set_viewport_size({"width": 390, "height": 844})
    again.goto(f"{live_server.url}/safety/field/#/task/{task.pk}")
    expect(again.locator(".al-insp__prog b")).to_have_text("2")
    sign(again)
    again.get_by_role("button", name="签字提交").click()
    expect(again.get_by_text("已存在手机里 1 份")).to_be_visible()
    assert Response.objects.unscoped().count() == 0
    shot(again, "waiting")

    context.set_offline(False)
    expect(again.get_by_text("已上传")).to_be_visible(timeout=20_000)
    response = Response.objects.unscoped().get()
    assert (response.state, response.passed, response.failed) == ("submitted", 1, 1)
    assert response.phone_submitted_at is not None
    assert InspectionTask.objects.unscoped().get(pk=task.pk).state == "completed"
    hazard = Hazard.objects.unscoped().get()
    assert hazard.title == "缺水枪 1 支"
    assert len(attachments_of(hazard, "before")) == 1
    faults.found = [fault for fault in faults.found if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_nothing_readable_lies_on_the_phone(
    patrol: Patrol, live_server: Any, phone: Page, enter: Any
) -> None:
    patrol.task()
    enter(patrol.lin.user)
    phone.goto(f"{live_server.url}/safety/field/")
    expect(phone.get_by_text("带走 1 项任务")).to_be_visible()
    stored = phone.evaluate(
        """async () => {
          const told = request => new Promise(done => { request.onsuccess = () => done(request.result) })
          const db = await told(indexedDB.open('anlan-field', 1))
          const all = name => told(db.transaction(name).objectStore(name).getAll())
          const rows = await all('rows'), keys = await all('keys')
          const texts = rows.map(row => new TextDecoder('latin1').decode(row.data))
          return {rows: rows.length, extractable: keys.filter(key => key.extractable).length,
                  leaks: texts.filter(text => text.includes('school') || text.includes('q1')).length}
        }"""
    )
    assert stored["rows"] >= 2
    assert (stored["leaks"], stored["extractable"]) == (0, 0)


def test_a_signed_out_phone_keeps_what_waits(
    patrol: Patrol, live_server: Any, context: BrowserContext, phone: Page, enter: Any, faults: Faults
) -> None:
    task = patrol.task()
    enter(patrol.lin.user)
    phone.goto(f"{live_server.url}/safety/field/")
    expect(phone.get_by_text("带走 1 项任务")).to_be_visible()
    phone.get_by_role("link", name="school").click()
    answer(phone, 1, "合格")
    answer(phone, 2, "合格")
    expect(phone.locator(".al-insp__prog b")).to_have_text("2")
    context.clear_cookies()
    sign(phone)
    phone.get_by_role("button", name="签字提交").click()
    expect(phone.get_by_text("登录已过期")).to_be_visible()
    assert Response.objects.unscoped().count() == 0
    enter(patrol.lin.user)
    phone.goto(f"{live_server.url}/safety/field/")
    expect(phone.get_by_text("已上传")).to_be_visible(timeout=20_000)
    assert InspectionTask.objects.unscoped().get(pk=task.pk).state == "completed"
    faults.found = [fault for fault in faults.found if "401" not in fault]
