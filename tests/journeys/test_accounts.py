"""Signing in and managing accounts through the browser, at the desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from anlan.engines.audit.api import Actor, log
from anlan.engines.identity.api import open_account
from tests.factories import a_grant, a_tree, a_user

PASSWORD = "Lang-7731-tide"
PAGES = {
    "/account/": "unit_admin",
    "/account/password/": "unit_admin",
    "/accounts/": "unit_admin",
    "/accounts/open/": "unit_admin",
    "/activations/": "unit_admin",
    "/activations/new/": "unit_admin",
    "/account-requests/": "unit_admin",
    "/roles/": "security_admin",
    "/roles/new/": "security_admin",
    "/grants/": "security_admin",
    "/grants/new/": "security_admin",
    "/policy/": "security_admin",
    "/audit/": "auditor",
}


@pytest.fixture
def county(context, transactional_db):
    """A tree with one person per office, a manager of two units, some accounts and some acts."""
    tree = a_tree()
    people = {role: a_user(role, tree.province, name=f"{role[:3]}员") for role in set(PAGES.values())}
    a_grant(people["unit_admin"], "school_head", tree.school)
    worker = a_user("school_safety", tree.school, username="linyi", name="林一", phone="13900000001")
    worker.set_password(PASSWORD)
    worker.save()
    actor = Actor.person(people["unit_admin"], "web")
    log(actor, "change", worker, before={"name": "林"}, after={"name": "林一"}, path=tree.school.path)
    log(actor, "refused", title="GET /audit/", path=tree.school.path, succeeded=False)
    open_account(None, tree.school, "王二", "wanger")
    return people


@pytest.mark.browser
def test_a_person_signs_in_and_out(page: Page, live_server, county, axe, shot, faults):
    page.goto(f"{live_server.url}/account/")
    shot(page, "sign-in")
    axe(page)
    page.get_by_label("账号或手机号").fill("linyi")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
    faults.expect("422")
    shot(page, "refused")
    axe(page)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="林一")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="林一")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.strip("/").replace("/", "-"))
def test_pages_read_well_at_both_sizes(page: Page, live_server, county, axe, shot, enter, url):
    enter(county[PAGES[url]])
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(live_server.url + url)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{url} scrolls sideways at {width}"
        shot(page, str(width))
        axe(page)
