"""A guard's certificate runs out: seen at the same moment on computer and phone, renewed, its history kept."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.domains.guards.cards import Card
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attach
from anlan.engines.registry.api import remind_all
from anlan.kernel import clock
from tests.browser import Faults
from tests.files.making import a_picture, upload
from tests.guards.conftest import Gate
from tests.journeys.walk import DESK, PHONE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = "保安员证：保安1"


def waiting(page: Page) -> tuple[list[str], str]:
    """What the to-do list of a screen shows, and the number in its navigation."""
    page.reload()
    bar = page.get_by_role("navigation").get_by_role("link", name="待办").filter(visible=True).first
    number = "".join(filter(str.isdigit, bar.inner_text()))
    rows = page.locator("li.al-queue__item").all_inner_texts()  # without the button, which a phone has not
    return [row.removesuffix("续期").strip() for row in rows], number


def test_a_certificate_that_runs_out_is_on_both_screens_at_once_and_renewing_keeps_the_old_one(
    walk: Walk, live_server: Any, tmp_path: Any, faults: Faults
) -> None:
    gate = Gate()
    keeper = Actor.person(gate.safety, "web")
    until = clock.today() + timedelta(days=400)
    card = create(keeper, Card(org=gate.tree.school, guard=gate.guard(1), number="BA-1", valid_to=until))
    attach(keeper, card, upload("旧证.jpg", a_picture()), "scan")
    desk = walk.as_(gate.safety, DESK, "/todos/")
    phone = desk.context.new_page()
    phone.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.goto(desk.url)
    assert waiting(desk) == waiting(phone) == ([], "")

    soon = clock.today() + timedelta(days=5)
    Card.unguarded.filter(pk=card.pk).update(valid_to=soon)  # the year has passed
    remind_all()
    shown = waiting(desk)
    assert shown == waiting(phone)
    assert (shown[1], [MATTER in words for words in shown[0]]) == ("1", [True])

    walk.page = phone
    walk.from_todos(gate.safety, PHONE, MATTER, "续期")
    phone.get_by_role("link", name="续期").filter(visible=True).first.click()
    phone.get_by_label("证书编号").fill("BA-2")
    phone.get_by_label("有效期至").fill(f"{soon:%Y-%m-%d}")
    phone.get_by_role("button", name="续期").click()
    expect(phone.get_by_role("alert").first).to_contain_text("新的有效期要晚于原来的")
    expect(phone.get_by_label("证书编号")).to_have_value("BA-2")
    faults.expect("422")
    phone.get_by_label("有效期至").fill(f"{until:%Y-%m-%d}")
    scan = tmp_path / "新证.jpg"
    scan.write_bytes(a_picture())
    phone.get_by_label("新的扫描件").set_input_files(scan)
    walk.look("renewing")
    phone.get_by_role("button", name="续期").click()
    expect(phone.get_by_role("region", name="历史有效期")).to_contain_text("BA-1")
    expect(
        phone.get_by_role("region", name="历史有效期").get_by_role("link", name="旧证.jpg")
    ).to_be_visible()
    walk.look("renewed")
    phone.goto(f"{live_server.url}/todos/")
    assert waiting(desk) == waiting(phone) == ([], "")
