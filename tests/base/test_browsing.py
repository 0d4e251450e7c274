"""Schools in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import a_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bureau(tree, enter):
    user = a_user("bureau_safety", tree.county)
    enter(user)
    return user


def pick(page: Page, pill: str, option: str) -> None:
    """Set or clear one value of a filter; no button is pressed afterwards."""
    summary = page.locator("summary", has_text=re.compile(f"^{pill}"))
    summary.click()
    page.locator("details[open]").get_by_label(option, exact=True).click()
    page.keyboard.press("Escape")


def shows(page: Page, *names: str) -> None:
    """Exactly these schools are listed, and the number shown equals the rows."""
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(len(names))
    for name in names:
        expect(rows.filter(has_text=name)).to_have_count(1)
    expect(page.get_by_text(f"共 {len(names)} 条", exact=False).first).to_be_visible()


def test_the_list_narrows_by_itself_and_comes_back(page, live_server, bureau, schools, tree, axe):
    page.goto(f"{live_server.url}/base/schools/")
    shows(page, "池店一小", "池店二小", "陈埭中学")
    axe(page)
    pick(page, "学校类型", "小学")
    shows(page, "池店一小", "池店二小")
    pick(page, "办学性质", "民办")
    shows(page, "池店二小")
    pick(page, "所在镇街", "池店镇教委办")
    shows(page, "池店二小")
    pick(page, "办学性质", "民办")
    pick(page, "所在镇街", "池店镇教委办")
    pick(page, "学校类型", "小学")
    shows(page, "池店一小", "池店二小", "陈埭中学")


def test_pages_of_a_school_and_a_grid_are_accessible(page, live_server, bureau, schools, axe):
    for address in (schools["S1"].get_absolute_url(), "/base/codes/", "/base/data-catalogue/"):
        page.goto(f"{live_server.url}{address}")
        axe(page)
