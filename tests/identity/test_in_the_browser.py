"""What a person sees of idleness and of signing out: the warning, the cover over unsaved work, no way back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anlan.engines.identity.api import open_sessions
from anlan.engines.identity.sessions import SignIn
from anlan.kernel import clock
from tests.factories import a_tree, a_user
from tests.identity.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager():
    user = a_user("unit_admin", a_tree().county, username="guan", name="管理")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk(page, live_server, manager, enter):
    """The form of a new account, with a name typed into it; the clock stands still but for the test."""
    enter(manager)
    page.clock.install()
    page.goto(f"{live_server.url}/accounts/open/")
    page.get_by_label("姓名").fill("王二")
    page.clock.run_for(2000)
    return page


def grow_old(manager, minutes):
    SignIn.objects.filter(user=manager, ended_at=None).update(
        seen_at=clock.now() - timedelta(minutes=minutes)
    )


def test_the_warning_comes_a_minute_before_and_going_on_keeps_the_session(desk, manager, axe, shot):
    warning = desk.get_by_role("dialog", name="马上要自动退出")
    desk.clock.fast_forward("27:50")
    expect(warning).to_have_count(0)
    desk.clock.fast_forward("00:30")
    expect(warning).to_be_visible()
    shot(desk, "warning")
    axe(desk)
    grow_old(manager, 28)
    desk.get_by_role("button", name="继续使用").click()
    expect(warning).to_have_count(0)
    assert open_sessions(manager).get().seen_at > clock.now() - timedelta(minutes=1)
    expect(desk.get_by_label("姓名")).to_have_value("王二")


def test_typing_counts_as_use(desk, manager):
    for _ in range(8):
        desk.clock.fast_forward("05:00")
        desk.get_by_label("姓名").press_sequentially("。")
        desk.clock.run_for(2000)
    expect(desk.get_by_role("dialog", name="马上要自动退出")).to_have_count(0)
    assert open_sessions(manager).exists()


def test_after_the_end_the_page_is_covered_and_goes_on_after_signing_in_again(
    desk, manager, live_server, shot, faults
):
    desk.clock.fast_forward("28:30")
    desk.clock.fast_forward("01:00")
    expect(desk.get_by_role("button", name="已登录，继续填写")).to_be_visible()
    shot(desk, "cover")
    assert not open_sessions(manager).exists()
    with desk.expect_console_message(lambda message: "401" in message.text):
        desk.get_by_role("button", name="已登录，继续填写").click()
    expect(desk.get_by_role("button", name="已登录，继续填写")).to_be_visible()
    faults.expect("401")
    other = desk.context.new_page()
    other.goto(f"{live_server.url}/sign-in/")
    other.get_by_label("账号或手机号").fill("guan")
    other.get_by_label("密码").fill(PASSWORD)
    other.get_by_role("button", name="登录").click()
    other.wait_for_url(f"{live_server.url}/")
    desk.get_by_role("button", name="已登录，继续填写").click()
    expect(desk.get_by_role("button", name="已登录，继续填写")).to_have_count(0)
    desk.get_by_label("账号", exact=True).fill("wanger")
    desk.get_by_label("单位").select_option(label="池店一小")
    desk.get_by_role("button", name="开通账号").click()
    expect(desk.get_by_text("账号已开通").first).to_be_visible()


@pytest.mark.requirement("MLPS.18")
def test_after_signing_out_the_back_button_shows_no_protected_page(page, live_server, manager, enter):
    enter(manager)
    page.goto(f"{live_server.url}/accounts/")
    expect(page.get_by_role("heading", name="账号", exact=True)).to_be_visible()
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("button", name="退出登录").first.click()
    page.wait_for_url("**/sign-in/**")
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("职务")
