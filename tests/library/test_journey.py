"""A law is found, jumped to and linked to a hazard, at the desk and on the phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Accessibility
from tests.factories import a_tree
from tests.library.conftest import Stacks
from tests.library.papers import a_paper
from tests.library.test_linking import a_hazard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
@pytest.mark.requirement("D05.4", "D05.5")
def test_a_law_is_found_jumped_to_and_linked_to_a_hazard(
    page: Page,
    live_server: Any,
    enter: Callable[[Any], None],
    axe: Accessibility,
    shot: Callable[[Page, str], None],
    size: tuple[int, int],
) -> None:
    stacks = Stacks(a_tree())
    hazard = a_hazard(stacks)
    law = stacks.document("校园消防规定", "<p>第一条　总则</p><p>第二条　灭火器压力指针在绿区</p>")
    stacks.with_file(law, "图解.pdf", a_paper(*["说明"] * 6, "灭火器每月检查"), "annex")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    enter(stacks.bureau.user)

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        shot(page, name)
        assert not wide, f"{name} scrolls sideways"
        axe(page)

    page.goto(f"{live_server.url}{hazard.get_absolute_url()}")
    page.get_by_role("link", name="查找依据").click()
    page.get_by_role("searchbox", name="查找内容").fill("灭火器")
    page.get_by_role("link", name="图解.pdf 第 7 页").wait_for()
    look("search")
    page.get_by_role("link", name="图解.pdf 第 7 页").click()
    expect(page.get_by_role("img", name="第 7 页，找到的词已标出")).to_be_in_viewport()
    expect(page.get_by_text("第 2 处，共 2 处")).to_be_visible()
    look("paper")
    page.get_by_role("link", name="上一处").click()
    expect(page.locator("mark#here")).to_have_text("灭火器")
    expect(page.locator("mark#here")).to_be_in_viewport()
    look("text")
    page.get_by_role("button", name="选第 2 段作依据").click()
    page.wait_for_url(f"**{hazard.get_absolute_url()}")
    expect(page.get_by_text("灭火器压力指针在绿区")).to_be_visible()
    look("hazard")
    page.get_by_role("link", name="校园消防规定").click()
    expect(page.locator("#here")).to_contain_text("第二条")
    page.goto(f"{live_server.url}{law.get_absolute_url()}")
    expect(page.get_by_role("link", name="灭火器压力不足")).to_be_visible()
    look("law")
