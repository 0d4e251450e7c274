"""The home page on the phone: modules and numbers as on the desktop, for each role its own (D11.3-D11.6, S08.1)."""

import re
from datetime import timedelta

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import Grant
from anlan.engines.registry.api import RiskCategory
from anlan.engines.tasks.api import Todo, todos_for
from anlan.kernel import clock
from tests.factories import a_grant, a_role, a_user, sign_in
from tests.telling.conftest import opened

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) MicroMessenger/8.0"
AT_BUREAU = ("bureau_safety", "bureau_leader", "bureau_viewer", "township_officer", "inspector")
AT_SCHOOL = (
    "school_head",
    "school_safety",
    "school_contact",
    "staff",
    "guard",
    "canteen_manager",
    "dorm_keeper",
)


def links(part: str) -> list[str]:
    return re.findall(r'<a[^>]*? href="([^"?#]+)"', part)


def on_phone(client) -> list[str]:
    page = client.get("/", HTTP_USER_AGENT=PHONE).content.decode()
    return links(page.split('class="al-menu"')[1].split("</nav>")[0])


def on_desktop(client) -> list[str]:
    """Every page that rail and side lead to, area by area."""
    found: list[str] = []
    rail = client.get("/").content.decode().split('class="al-rail"')[1].split("</nav>")[0]
    for area in re.findall(r'class="al-rail__item" href="([^"]+)"', rail):
        page = client.get(area, follow=True)
        assert page.status_code == 200, area
        text = page.content.decode()
        side = links(text.split('class="al-side"')[1].split("</nav>")[0]) if 'class="al-side"' in text else []
        found += side or [area]
    return list(dict.fromkeys(url for url in found))


def size_of(client, url: str, **more: str) -> list[str]:
    """The numbers a page shows above and below its list."""
    text = client.get(url, **more).content.decode().split("<main")[1]
    return re.findall(r"共 ([\d,]+)", text)


@pytest.mark.sqlite  # two widths of the same pages: nothing here is the database's
@pytest.mark.requirement("D11.3")
def test_modules_and_numbers_of_each_role_are_the_same_on_phone_and_desktop(town, client):
    """The numbers of every eighth page; `make soak` compares those of all."""
    assert_the_same(town, client, every=8)


@pytest.mark.slow
def test_numbers_of_every_page_are_the_same_on_phone_and_desktop(town, client):
    assert_the_same(town, client, every=1)


def assert_the_same(town, client, every: int) -> None:
    """Each role finds the same modules at both widths, and the same numbers on each ``every``-th page."""
    category = create(SYSTEM, RiskCategory(org=town.county, code="fire", title="消防"))
    for code in ("S1", "S1", "S2", "S4"):
        create(SYSTEM, Hazard(org=town[code], title="通道堵塞", category=category))
    town.sent("S1", "S2")
    foreign, compared = Hazard.unguarded.get(org=town["S4"]), set()
    for role in (*AT_BUREAU, *AT_SCHOOL):
        unit = (
            town["S1"]
            if role in AT_SCHOOL
            else town["3505821"]
            if role == "township_officer"
            else town.county
        )
        sign_in(client, a_user(role, unit))
        menu = on_phone(client)
        assert sorted(menu) == sorted(on_desktop(client)), role
        # What a list counts follows from the unit: one role of each unit answers for its pages.
        fresh = [url for url in menu if (unit, url) not in compared]
        compared.update((unit, url) for url in fresh)
        for url in fresh[::every]:
            assert size_of(client, url, HTTP_USER_AGENT=PHONE) == size_of(client, url), (role, url)
        shared = client.get(foreign.get_absolute_url(), HTTP_USER_AGENT=PHONE)
        assert shared.status_code == (404 if "/safety/hazards/" in menu else 403), role
        assert "通道堵塞" not in shared.content.decode()


@pytest.mark.requirement("S08.1")
def test_each_school_role_has_its_own_home_and_two_schools_are_kept_apart(town, client):
    menus = {}
    for role in ("school_head", "school_safety", "staff", "guard", "canteen_manager", "dorm_keeper"):
        user = a_user(role, town["S1"])
        Todo.objects.create(
            kind=f"to.{role}", title=f"{role}的事", url="/", model="org.orgunit", object_id=1,
            org=town["S1"], role=role,
        )  # fmt: skip
        sign_in(client, user)
        home = client.get("/", HTTP_USER_AGENT=PHONE).content.decode()
        assert f"共 {todos_for(user).count()} 件待办" in home
        assert f"{role}的事" in home
        menus[role] = on_phone(client)
        assert sorted(menus[role]) == sorted(on_desktop(client))
        assert opened(client, "/todos/").count("al-queue__item") == todos_for(user).count()
    assert "/safety/received-notices/" in menus["school_head"]
    assert "/safety/received-notices/" not in menus["guard"]
    for role in ("staff", "guard", "canteen_manager", "dorm_keeper"):
        assert {"/tasks/", "/safety/announcements/"} <= set(menus[role]), role

    both = a_user("school_head", town["S1"])
    second = a_grant(both, "school_head", town["S2"])
    town.sent("S1", title="给一小")
    town.sent("S2", title="给二小")
    sign_in(client, both)
    home = opened(client, "/")
    assert "给一小" in home
    assert "给二小" in home
    assert client.post(f"/account/duty/{second.pk}/").status_code in (302, 303)
    home = opened(client, "/")
    assert "给二小" in home
    assert "给一小" not in home
    assert "共 1 件待办" in home
    first = both.grants.exclude(pk=second.pk).get()
    client.post(f"/account/duty/{first.pk}/")
    home = opened(client, "/")
    assert "给一小" in home
    assert "给二小" not in home
    Grant.objects.filter(user=both).delete()
    assert not set(on_phone(client)) & {"/safety/received-notices/", "/tasks/"}
    assert client.get("/safety/received-notices/").status_code == 403


@pytest.mark.requirement("D11.4")
def test_the_bubble_is_the_length_of_the_list_and_each_line_leads_to_its_work(town, client):
    head = town.heads["S1"]

    def bubble() -> str:
        """What the tab of the phone says."""
        tabs = client.get("/").content.decode().split('class="al-tabbar"')[1].split("</nav>")[0]
        found = re.search(r'href="/todos/"[^>]*>.*?</a>', tabs, re.DOTALL)[0]
        number = re.search(r"al-badge[^>]*>([\d+]+)<", found)
        return number[1] if number else ""

    sign_in(client, head)
    assert bubble() == ""
    notice = town.sent("S1", reply_wanted=True, reply_by=clock.now() + timedelta(days=1))
    other = town.sent("S1", title="第二份")
    assert bubble() == "2" == str(opened(client, "/todos/").count("al-queue__item"))
    wanted = {"冬季防火": "反馈", "第二份": "第二份"}
    for todo in todos_for(head):
        assert wanted[todo.title] in opened(client, todo.url)
    assert bubble() == "1"
    colleague = sign_in(client, town.contact)
    url = town.copy(notice).get_absolute_url()
    assert colleague.post(f"{url}act/answer", {"reply": "已办"}).status_code == 303
    assert bubble() == ""
    sign_in(client, head)
    assert bubble() == ""
    assert "没有待办" in opened(client, "/")
    assert town.copy(other).seen
    Todo.objects.bulk_create(
        Todo(
            kind="many",
            title=f"第 {n} 件",
            url="/",
            model="org.orgunit",
            object_id=n,
            org=town["S1"],
            user=head,
        )
        for n in range(101)
    )
    assert bubble() == "99+"


@pytest.mark.requirement("D11.6")
def test_the_bureau_counts_filters_and_opens_schools_with_the_blocks_granted(town, client):
    sign_in(client, town.clerk)
    assert size_of(client, "/base/schools/", HTTP_USER_AGENT=PHONE)[0] == "3"
    for query, number in (
        ("kind=kindergarten", "2"),
        (f"town={town['3505821'].pk}", "2"),
        (f"town={town['3505821'].pk}&kind=kindergarten&q=池店", "1"),
    ):
        assert size_of(client, f"/base/schools/?{query}", HTTP_USER_AGENT=PHONE)[-1] == number, query
    assert "没有符合条件的记录" in opened(client, "/base/schools/?q=不存在的学校")
    page = opened(client, town.schools["S1"].get_absolute_url())
    assert "安全小组和责任人" in page
    a_role("plain", "base.schools.view")
    sign_in(client, a_user("plain", town.county))
    page = opened(client, town.schools["S1"].get_absolute_url())
    assert "池店一小" in page
    assert "安全小组和责任人" not in page
    assert client.get(town.schools["S4"].get_absolute_url()).status_code == 404
