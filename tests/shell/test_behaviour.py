"""What the shell's scripts do for a person: keys, choices, bulk, confirmation, drawers, drafts, pickers, uploads."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("loop_allowed", "gallery"),
]


@pytest.fixture
def visit(page, live_server):
    """Open a page of the gallery."""

    def opened(address):
        page.goto(f"{live_server.url}/gallery/{address}")
        return page

    return opened


def test_dark_and_large_print_are_remembered_in_this_browser(visit):
    page = visit("list/")
    page.get_by_role("button", name="切换深色显示").click()
    page.get_by_role("button", name="切换大字版").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-al-text", "large")


def test_slash_goes_to_the_search_but_not_while_typing(visit):
    page = visit("list/")
    page.keyboard.press("/")
    expect(page.locator("#gq")).to_be_focused()
    page.keyboard.type("/门")
    expect(page.locator("#gq")).to_have_value("/门")


def test_j_and_k_step_through_a_list_and_question_mark_lists_the_keys(visit):
    page = visit("list/")
    page.keyboard.press("j")
    expect(page.locator(".al-table__t").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".al-table__t").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".al-table__t").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="键盘操作")).to_have_count(0)


def test_the_skip_link_comes_first(visit):
    page = visit("record/")
    page.keyboard.press("Tab")
    expect(page.locator(".al-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_choosing_rows_shows_the_bulk_bar_and_the_dialog_repeats_the_verb(visit):
    page = visit("list/")
    bar = page.get_by_role("region", name="批量办理")
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="选择 围墙北段外倾").check()
    expect(bar).to_contain_text("已选 1 条")
    page.get_by_role("checkbox", name="全选本页").check()
    expect(bar).to_contain_text("选中全部 37 条")
    bar.get_by_role("button", name="督办").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("督办 2 条隐患")
    expect(dialog).to_contain_text("会给 2 位校长发短信。")
    expect(dialog.get_by_role("button", name="督办")).to_be_visible()
    dialog.get_by_role("button", name="先不办").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/gallery/list/")
    bar.get_by_role("button", name="取消选择").click()
    expect(bar).to_be_hidden()


def test_a_column_is_hidden_and_stays_hidden_after_a_swap(visit):
    page = visit("list/")
    page.get_by_role("button", name="选择显示的列").click()
    page.get_by_role("checkbox", name="来源").uncheck()
    expect(page.get_by_role("columnheader", name="来源")).to_be_hidden()
    with page.expect_response(lambda response: "sort=" in response.url):
        page.get_by_role("link", name="等级").click()
    expect(page).to_have_url(re.compile("sort=grade"))
    expect(page.get_by_role("columnheader", name="来源")).to_be_hidden()


def test_a_filter_asks_for_the_rows_alone_and_changes_the_address(visit):
    page = visit("list/")
    with page.expect_response(lambda response: "q=" in response.url) as answer:
        page.locator("#q").fill("消防")
    assert answer.value.request.headers["hx-request"] == "true"
    assert "<html" not in answer.value.text()
    expect(page).to_have_url(re.compile("q="))
    page.locator("summary", has_text="学校类型").click()
    expect(page.get_by_role("checkbox", name="小学")).to_be_visible()
    page.keyboard.press("Escape")


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(visit):
    page = visit("form/?wrong")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name=re.compile("隐患部位")).click()
    expect(page.locator("#id_place")).to_be_focused()


def test_choices_are_radios_that_arrow_keys_move(visit):
    page = visit("form/")
    page.locator("#id_grade_1").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#id_grade_2")).to_be_checked()
    expect(page.locator("label", has=page.locator("#id_grade_2"))).to_have_class(re.compile("is-on"))


def test_leaving_with_unsaved_text_asks_once(visit):
    page = visit("form/")
    page.locator("#id_place").fill("东侧通道")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("about:blank")
    assert asked == ["beforeunload"]


def test_failing_an_item_asks_for_what_is_wrong(visit):
    page = visit("check/")
    item = page.locator("[data-al-item]").nth(2)
    expect(item.get_by_label("哪里不合格")).to_be_hidden()
    item.get_by_role("radio", name="不合格").check()
    expect(item.get_by_label("哪里不合格")).to_be_visible()
    expect(page.locator("[data-al-done]")).to_have_text("15")
    item.get_by_role("radio", name="合格", exact=True).check()
    expect(item.get_by_label("哪里不合格")).to_be_hidden()
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_quick_phrase_joins_the_text(visit):
    page = visit("check/")
    page.get_by_role("button", name="缺水带").click()
    expect(page.locator("#n8")).to_have_value("综合楼 2 层 3 号箱缺水枪 1 支，栓口无水，缺水带")
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_drawer_opens_filled_and_gives_the_focus_back(visit):
    page = visit("matrix/")
    cell = page.get_by_role("button", name=re.compile("石桥小学，骨干教师"))
    cell.click()
    expect(page.locator("#drawer")).to_contain_text("要达标还需")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(cell).to_be_focused()


def test_a_photo_opens_in_place(visit):
    page = visit("record/")
    page.get_by_role("img", name="整改前：操作间灶台上方探头指示灯熄灭").click()
    expect(page.get_by_role("dialog", name="照片")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("dialog", name="照片")).to_be_hidden()


def test_a_picker_is_a_combobox(visit):
    page = visit("")
    page.route("**/gallery/people/*", lambda route: route.fulfill(json=PEOPLE))
    box = page.get_by_role("combobox", name="整改责任人")
    box.fill("wang")
    expect(page.get_by_role("option", name=re.compile("王海平"))).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("button", name="移除王海平")).to_be_visible()
    assert page.locator('input[type=hidden][name="own"]').last.get_attribute("value") == "9"
    box.fill("")
    box.press("Backspace")
    expect(page.get_by_role("button", name="移除王海平")).to_have_count(0)


def test_keys_pressed_before_the_answer_comes_choose_from_it(visit):
    page = visit("")
    held: list[Any] = []

    def later(route: Any) -> None:
        if "q=wang" in route.request.url:
            held.append(route)
        else:
            route.fulfill(json={"rows": [{"value": 8, "label": "安全办", "note": ""}]})

    page.route("**/gallery/people/*", later)
    box = page.get_by_role("combobox", name="整改责任人")
    box.click()
    expect(page.get_by_role("option", name="安全办")).to_be_visible()
    box.fill("wang")
    box.press("ArrowDown")
    box.press("Enter")
    for _ in range(40):
        if held:
            break
        page.wait_for_timeout(100)
    expect(page.get_by_role("button", name="移除安全办")).to_have_count(0)
    held[0].fulfill(json=PEOPLE)
    expect(page.get_by_role("button", name="移除王海平")).to_be_visible()
    expect(page.get_by_role("button", name="移除安全办")).to_have_count(0)


PEOPLE = {"rows": [{"value": 9, "label": "王海平", "note": "校长"}]}


def test_a_file_goes_up_by_itself_and_a_failure_can_be_retried(visit, faults):
    page = visit("")
    answers = iter([{"status": 422, "json": {"message": "文件打不开"}}, {"json": {"id": "f-1"}}])
    page.route("**/gallery/upload/", lambda route: route.fulfill(**next(answers)))
    page.locator("#up").set_input_files(
        {"name": "记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    expect(page.get_by_text("文件打不开")).to_be_visible()
    faults.expect("422")
    page.get_by_role("button", name="重传记录.pdf").click()
    expect(page.get_by_text("已上传").last).to_be_visible()
    assert page.locator('input[type=hidden][value="f-1"]').count() == 1


def test_a_signature_fills_its_field_and_can_be_redone(visit):
    page = visit("check/")
    canvas = page.get_by_role("img", name="检查人周敏签名区")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=8)
    page.mouse.up()
    assert page.locator("#sign-a").input_value().startswith("data:image/png")
    page.get_by_role("button", name="重签").first.click()
    assert page.locator("#sign-a").input_value() == ""
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_score_below_the_self_assessment_needs_a_reason(visit):
    page = visit("review/")
    page.get_by_role("button", name="加 0.5 分").click()
    expect(page.locator("#score")).to_have_value("2.5")
    expect(page.locator("#score-h")).to_contain_text("比自评低 0.5 分")
    assert page.locator("#id_opinion").evaluate("field => field.required")
    page.get_by_role("button", name="加 0.5 分").click()
    assert not page.locator("#id_opinion").evaluate("field => field.required")
    page.on("dialog", lambda dialog: dialog.accept())


def test_filters_open_behind_one_button_on_phones(visit, phone):
    page = visit("list/")
    expect(page.locator("summary", has_text="学校类型")).to_be_hidden()
    page.get_by_role("button", name="筛选 2").click()
    expect(page.locator("summary", has_text="学校类型")).to_be_visible()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def test_records_and_forms_replace_the_tabs_by_an_action_bar(visit, phone):
    page = visit("record/")
    expect(page.get_by_role("navigation", name="快捷操作")).to_be_visible()
    expect(page.get_by_role("navigation", name="主导航")).to_have_count(0)
    page = visit("form/")
    expect(page.get_by_role("navigation", name="主导航")).to_have_count(0)
    expect(page.get_by_role("button", name="下达整改")).to_be_in_viewport()
