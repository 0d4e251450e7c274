"""A report from a filtered list: grouped, drawn, opened number by number, kept under a name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from anlan.kernel import clock
from tests.journeys.walk import DESK, PHONE, Walk
from tests.upkeep.test_fire import DEVICES, Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THINGS = (
    ("powder", "教学楼"),
    ("powder", "宿舍楼"),
    ("hydrant", "教学楼"),
    ("co2", ""),
    ("powder", "教学楼"),
)


def test_a_report_counts_what_the_list_was_narrowed_to_and_is_kept(walk: Walk, live_server: Any) -> None:
    ground = Ground()
    for number, (kind, building) in enumerate(THINGS):
        made = clock.today() - timedelta(days=100 * number + 5)
        ground.device(f"MH-{number}", kind=kind, building=building, made_on=made)
    page = walk.as_(ground.safety, DESK, DEVICES)
    page.get_by_text("种类", exact=True).first.click()
    page.get_by_role("checkbox", name="干粉灭火器").check()
    page.wait_for_url("**kind=powder**")
    expect(page.get_by_role("link", name="MH-2")).to_have_count(0)
    page.get_by_role("link", name="统计", exact=True).click()
    expect(page.get_by_text("条件：种类：干粉灭火器")).to_be_visible()
    page.get_by_label("按什么统计").select_option(label="建筑")
    page.get_by_label("再按什么细分").select_option(label="状态")
    page.get_by_role("button", name="统计", exact=True).click()
    lines = page.get_by_role("region", name="统计表").get_by_role("row")
    shown = ["建筑状态数量（件）", "教学楼在用2", "宿舍楼在用1", "合计3"]
    expect(lines).to_have_text([re.compile(r"\s*".join(line)) for line in shown])
    walk.look("report")
    page.get_by_role("link", name="存为统计").click()
    page.get_by_role("textbox", name="名称").fill("干粉按建筑")
    page.get_by_role("button", name="存为统计").click()
    expect(page.get_by_role("link", name="干粉按建筑")).to_have_attribute("aria-current", "true")

    page = walk.as_(ground.safety, PHONE, f"{DEVICES}report")
    page.get_by_role("link", name="干粉按建筑").click()
    expect(page.get_by_role("heading", name="建筑")).to_be_visible()
    walk.look("phone")
    page.get_by_role("region", name="统计表").get_by_role("link", name="2", exact=True).click()
    expect(page.get_by_text("第 1–2 条，共 2 条")).to_be_visible()
