"""The closed loop walked by five people through the real pages: from a plan to the struck-off list."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionPlan, InspectionTask
from anlan.engines.audit.api import create, seal, verify_chain
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.browser import Faults
from tests.journeys.walk import DESK, PHONE, Walk
from tests.safety.conftest import County
from tests.safety.patrols import Patrol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FINDING = "缺水枪 1 支"
MEASURE = "已补配水枪并张贴责任牌"


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo."""
    path = tmp_path / "hydrant.jpg"
    Image.effect_noise((800, 600), 40).convert("RGB").save(path, "JPEG")
    return path


def plan_and_issue(walk: Walk, officer: Any) -> None:
    """The bureau lays down a plan on the form page and issues it."""
    page = walk.as_(officer, DESK, "/safety/inspection-plans/new")
    page.get_by_label("单位", exact=True).select_option(label="county")
    page.get_by_label("名称", exact=True).fill("一季度消防巡查")
    page.get_by_label("巡查模式").select_option(label="日常巡查")
    page.get_by_label("检查表", exact=True).select_option(label="消防检查表")
    page.get_by_label("结束日期").fill(f"{clock.today() + timedelta(days=30):%Y-%m-%d}")
    page.get_by_label("期限（天）").fill("7")
    page.get_by_role("group", name="巡查员").get_by_label("lin", exact=True).check()
    page.get_by_role("group", name="学校").get_by_label("school", exact=True).check()
    walk.look("plan-form")
    page.get_by_role("button", name="登记巡查计划").click()
    expect(page.get_by_role("heading", level=1, name="一季度消防巡查")).to_be_visible()
    walk.look("plan-draft")
    page.get_by_role("button", name="下发计划").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("巡查员会收到任务")
    dialog.get_by_role("button", name="下发计划").click()
    expect(page.get_by_role("button", name="下发计划")).to_have_count(0)
    expect(page.get_by_role("heading", name="各轮任务")).to_be_visible()
    walk.look("plan-issued")
    assert InspectionPlan.objects.unscoped().get().state == InspectionPlan.State.ACTIVE


def check_on_the_phone(walk: Walk, inspector: Any, picture: Path) -> None:
    """The inspector goes from the to-do to the field page, finds one fault and hands in."""
    page = walk.from_todos(inspector, PHONE, "一季度消防巡查", "检查")
    walk.look("task")
    page.get_by_role("link", name="去检查").click()
    items = page.locator(".al-item")
    items.nth(0).get_by_role("radio", name="合格", exact=True).check()
    items.nth(1).get_by_role("radio", name="不合格", exact=True).check()
    page.get_by_label("哪里不合格").fill(FINDING)
    page.get_by_label("哪里不合格").blur()
    page.get_by_label("拍照").last.set_input_files(picture)
    expect(page.get_by_text("待上传")).to_be_visible()
    expect(items.nth(1).locator("label.is-on")).to_have_text("不合格")
    walk.look("sheet")
    page.get_by_role("button", name="签字提交").click()
    expect(page.get_by_text("已上传")).to_be_visible(timeout=20_000)
    walk.look("field-list")
    assert InspectionTask.objects.unscoped().get().state == "completed"


def confirm(walk: Walk, officer: Any) -> None:
    """The bureau judges the finding: grade, who answers for it, until when."""
    page = walk.from_todos(officer, DESK, FINDING, "确认隐患")
    page.get_by_label("等级").select_option(label="较大")
    page.get_by_label("整改责任人").fill("何老师")
    page.get_by_label("期限").fill(f"{clock.today() + timedelta(days=10):%Y-%m-%d}T17:00")
    walk.look("hazard-reported")
    page.get_by_role("button", name="确认隐患").click()
    expect(page.get_by_text("待整改", exact=True).first).to_be_visible()


def rectify(walk: Walk, manager: Any, picture: Path, faults: Faults) -> None:
    """The school sends its rectification: refused without a picture, nothing typed is lost."""
    page = walk.from_todos(manager, PHONE, FINDING, "提交整改")
    page.get_by_label("整改措施").fill(MEASURE)
    expect(page.get_by_text("整改后", exact=True)).to_be_visible()  # needed, so not marked 选填
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_role("alert")).to_contain_text("整改后：请上传")
    expect(page.get_by_label("整改后")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("整改措施")).to_have_value(MEASURE)
    faults.expect("422")
    walk.look("rectification-refused")
    page.get_by_label("整改后").set_input_files(picture)
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_text("待审核", exact=True).first).to_be_visible()
    walk.look("rectification-sent")


def step(walk: Walk, user: Any, size: dict[str, int], verb: str, state: str, work: str = "") -> None:
    """One move with one button, taken from the to-do list; ``work`` is what the list calls it."""
    page = walk.from_todos(user, size, FINDING, work or verb)
    walk.look(f"before-{verb}")
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.get_by_text(state, exact=True).first).to_be_visible()
    walk.look(f"after-{verb}")


def test_the_closed_loop(patrol: Patrol, walk: Walk, picture: Path, faults: Faults) -> None:
    head = patrol.county.person("gao", "school_head", "school")
    leader = patrol.county.person("qian", "bureau_leader", "county")
    bureau, lin, manager = patrol.bureau.user, patrol.lin.user, patrol.school.user

    plan_and_issue(walk, bureau)
    check_on_the_phone(walk, lin, picture)
    confirm(walk, bureau)
    rectify(walk, manager, picture, faults)
    step(walk, bureau, DESK, "审核通过", "待复查", "审核")
    step(walk, lin, PHONE, "复查合格", "待销号", "复查")
    step(walk, bureau, DESK, "销号", "已销号")

    hazard = Hazard.objects.unscoped().get()
    assert (hazard.state, hazard.grade, hazard.measure, hazard.rounds) == ("closed", "large", MEASURE, 1)
    assert (len(attachments_of(hazard, "before")), len(attachments_of(hazard, "after"))) == (1, 1)
    for user in (bureau, lin, manager, head, leader):
        page = walk.as_(user, DESK, "/todos/")
        expect(page.get_by_text("没有待办，都办完了。")).to_be_visible()
        assert not todos_for(user).exists()

    page = walk.as_(leader, DESK, "/safety/strike-offs/")
    expect(page.get_by_role("table").get_by_text(FINDING)).to_be_visible()
    walk.look("struck-off-list")
    page = walk.as_(head, PHONE, hazard.get_absolute_url())
    history = page.get_by_role("region", name="办理记录")
    for said in ("登记", "确认隐患", "提交整改", "审核通过", "复查合格", "销号"):
        expect(history.get_by_text(said, exact=True).first).to_be_visible()
    deadline = clock.today() + timedelta(days=10)
    expect(history.get_by_text(f"期限：{deadline:%Y-%m-%d}")).to_contain_text("17:00；等级：较大")
    walk.look("history")
    seal()
    assert list(verify_chain()) == []


def test_a_finding_is_dismissed_with_the_keyboard_alone(patrol: Patrol, walk: Walk) -> None:
    school = patrol.county.units["school"]
    hazard = create(patrol.bureau, Hazard(org=school, title=FINDING, category=patrol.county.category))
    page = walk.as_(patrol.bureau.user, DESK, hazard.get_absolute_url())
    box = page.get_by_role("complementary", name="办理")

    def tab_to(wanted: Locator) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"Tab never reaches {wanted}")

    tab_to(
        page.get_by_role("link", name="跳到主要内容")
    )  # past the menu, as whoever works with the keyboard does
    page.keyboard.press("Enter")
    tab_to(box.get_by_role("link", name="判为误报"))
    page.keyboard.press("Enter")
    expect(box.get_by_role("heading", name="判为误报")).to_be_visible()
    tab_to(box.get_by_label("意见"))
    page.keyboard.type("现场核对，水枪齐全")
    tab_to(box.get_by_role("button", name="判为误报"))
    walk.look("typed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("误报", exact=True).first).to_be_visible()
    hazard.refresh_from_db()
    assert (hazard.state, hazard.opinion) == ("void", "现场核对，水枪齐全")
