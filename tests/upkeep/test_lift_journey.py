"""A lift from its registration on: self-tests between, the inspection due by its age, done (TSG T7001-2023)."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anlan.domains.special_equipment.devices import Device
from anlan.engines.registry.cycles import months_later
from anlan.kernel import clock
from tests.journeys.walk import DESK, PHONE, Walk
from tests.upkeep.test_fire import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ground(live_server: Any, settings: Any, tmp_path: Any) -> Ground:
    """The school, seen by the live server."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return Ground()


def record(page: Page, check: str, day: date) -> None:
    """Write the result of a check down, from the page of the lift."""
    page.get_by_role("link", name="记录检验").filter(visible=True).first.click()
    page.get_by_label("检验事项").select_option(label=check)
    page.get_by_label("检验日期").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("检验单位").fill("省特检院")
    page.get_by_role("button", name="记录检验").click()
    expect(page.get_by_role("region", name="检验记录", exact=True)).to_contain_text(f"{day:%Y-%m-%d}")


def is_next(check: str, last: date) -> None:
    """What is due next, and until which day: the end of the month."""
    lift = Device.unguarded.get()
    ends = months_later(last.replace(day=1), 1) - timedelta(days=1)
    assert (lift.next_check, lift.next_on) == (check, ends)


def test_a_lift_is_inspected_in_the_years_the_rule_names_and_self_tested_between(
    walk: Walk, ground: Ground
) -> None:
    start = months_later(clock.today(), -48)
    page = walk.as_(ground.safety, DESK, "/special-equipment/devices/new")
    page.get_by_label("设备代码").fill("31103505820001")
    page.get_by_label("种类").select_option(label="电梯")
    page.get_by_label("使用登记证编号").fill("梯11闽C00001")
    page.get_by_role("textbox", name="位置").fill("综合楼")
    page.get_by_label("安装监督检验日期").fill(f"{start:%Y-%m-%d}")
    walk.look("new")
    page.get_by_role("button", name="登记").first.click()
    page.wait_for_url("**/special-equipment/devices/*/")
    is_next("定期检验", months_later(start, 12))

    for years, check in ((1, "定期检验"), (2, "自行检测"), (3, "自行检测")):
        record(page, check, months_later(start, 12 * years))
    is_next("定期检验", months_later(start, 48))

    walk.from_todos(ground.safety, PHONE, "31103505820001", "检验")
    walk.look("due")
    record(page, "定期检验", clock.today())
    expect(page.get_by_role("region", name="检验记录", exact=True).get_by_text("定期检验")).to_have_count(2)
    walk.look("inspected")
    is_next("自行检测", months_later(start, 60))
    page.goto(f"{walk.base}/todos/")
    expect(page.get_by_text("31103505820001")).to_have_count(0)
