"""The label of an extinguisher scanned with a phone: by its school it is checked, for another one it is not there."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from anlan.base.spot_checks import SpotCheck
from anlan.engines.audit.api import AuditEntry
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock
from tests.browser import Faults
from tests.factories import a_user
from tests.journeys.walk import PHONE, Walk
from tests.upkeep.test_fire import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_scanned_label_opens_the_check_for_its_school_and_nothing_for_another(
    walk: Walk, live_server: Any, settings: Any, tmp_path: Any, faults: Faults
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    ground = Ground()
    thing = ground.device(made_on=clock.today() - timedelta(days=300))
    label = ledgers["fire.devices"].label_url(thing)
    page = walk.as_(ground.guard, PHONE, label)
    expect(page.get_by_role("heading", level=1)).to_contain_text("现场检查：MH-1")
    page.get_by_role("group", name="压力或指示正常").get_by_label("不合格").check()
    page.get_by_label("检查时间").fill("")
    page.get_by_role("button", name="现场检查").click()
    expect(page.get_by_role("alert").first).to_contain_text("检查时间")
    expect(page.get_by_role("group", name="压力或指示正常").get_by_label("不合格")).to_be_checked()
    assert SpotCheck.unguarded.count() == 0
    page.get_by_label("检查时间").fill(f"{clock.now().astimezone(clock.zone()):%Y-%m-%dT%H:%M}")
    page.get_by_label("说明").fill("指针在红区")
    walk.look("check")
    page.get_by_role("button", name="现场检查").click()
    expect(page.get_by_role("main")).to_contain_text("指针在红区")
    walk.look("checked")
    faults.expect("422")
    made = SpotCheck.unguarded.get()
    assert (made.object_id, made.scanned, made.passed, made.created_by) == (
        thing.pk,
        True,
        False,
        ground.guard,
    )
    assert AuditEntry.objects.filter(action="scan", object_id=str(thing.pk), user=ground.guard).count() == 1

    other = a_user("guard", ground.tree.sister_school, name="外校保安")
    page = walk.as_(other, PHONE, label)
    faults.expect("404")
    expect(page.get_by_role("main")).not_to_contain_text("MH-1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有找到")
    walk.look("not-theirs")
    assert not AuditEntry.objects.filter(action="scan", user=other, succeeded=True).exists()
