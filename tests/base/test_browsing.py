"""Schools in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from anlan.base.schools import School
from anlan.base.tags import SchoolTag
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import Kind, OrgUnit
from tests.factories import a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


@pytest.mark.requirement("D09.4")
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


def offers(page: Page, *names: str) -> None:
    """The open picker offers exactly these, and says how many there are."""
    rows = page.locator("[role=option]:visible")
    expect(rows).to_have_count(len(names))
    for name in names:
        expect(rows.filter(has_text=name)).to_have_count(1)
    expect(page.get_by_text(f"共 {len(names)} 个", exact=True)).to_be_visible()


@pytest.mark.requirement("D09.4")
def test_schools_are_chosen_in_a_form_by_type_nature_town_tag_and_pinyin(
    page, live_server, bureau, schools, tree, axe
):
    for number in range(8):
        name = f"紫帽{'一二三四五六七八'[number]}园"
        unit = OrgUnit.objects.create(code=f"Z{number}", name=name, kind=Kind.SCHOOL, parent=tree.township)
        create(
            SYSTEM,
            School(
                org=unit, name=name, kind="kindergarten", nature_id="school_nature.public", town=tree.township
            ),
        )
    tag = create(SYSTEM, SchoolTag(org=tree.county, name="寄宿制"))
    schools["S3"].tags.add(tag)
    page.goto(f"{live_server.url}/base/grids/new")
    page.get_by_role("combobox", name="所含学校").click()
    box = page.locator(".al-pickbox").filter(has=page.locator("#id_schools"))
    expect(box.get_by_text("共 11 个", exact=True)).to_be_visible()
    axe(page)
    box.get_by_label("学校类型").select_option(label="小学")
    offers(page, "池店一小", "池店二小")
    box.get_by_label("办学性质").select_option(label="民办")
    offers(page, "池店二小")
    box.get_by_label("办学性质").select_option("")
    page.get_by_role("button", name="全选筛选结果（2）").click()
    expect(box.get_by_text("已选 2 个", exact=True)).to_be_visible()
    box.get_by_label("学校类型").select_option("")
    box.get_by_label("标签").select_option(label="寄宿制")
    offers(page, "陈埭中学")
    expect(page.get_by_role("combobox", name="所含学校")).to_be_focused()  # the pressed button is gone
    box.get_by_label("标签").select_option("")
    expect(box.get_by_text("共 11 个", exact=True)).to_be_visible()
    page.get_by_role("combobox", name="所含学校").fill("cdzx")
    offers(page, "陈埭中学")
    page.get_by_role("combobox", name="所含学校").press("ArrowDown")
    page.get_by_role("combobox", name="所含学校").press("Enter")
    expect(box.get_by_text("已选 3 个", exact=True)).to_be_visible()
    chosen = page.locator('input[type=hidden][name="schools"]').evaluate_all(
        "all => all.map(one => Number(one.value))"
    )
    assert sorted(chosen) == sorted(schools[code].pk for code in ("S1", "S2", "S3"))


def test_a_field_left_with_a_wrong_value_says_so_at_once_and_keeps_it(
    page, live_server, bureau, schools, axe
):
    page.goto(f"{live_server.url}/base/schools/new")
    pupils = page.get_by_label("在校学生数")
    pupils.fill("-5")
    pupils.press("Tab")
    said = page.locator("#id_pupils-e")
    expect(said).to_be_visible()
    expect(pupils).to_have_attribute("aria-invalid", "true")
    expect(pupils).to_have_value("-5")
    axe(page)
    pupils.fill("500")
    pupils.press("Tab")
    expect(said).to_have_count(0)
    expect(pupils).not_to_have_attribute("aria-invalid", "true")
