"""What the register and its lists show, to whom, and what they refuse."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.files.api import attach
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden
from tests.safety.conftest import County
from tests.safety.loops import Loop, listed, photo, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(county: County) -> Loop:
    return Loop(county)


@pytest.mark.requirement("D03.2")
def test_the_rectification_list_holds_the_confirmed_and_not_the_archived(loop: Loop) -> None:
    waiting, soon, late, false, closed = (loop.hazard(title=f"第{n}条") for n in range(5))
    loop.confirm(soon, days=2)
    with clock.moved(clock.now() - timedelta(days=9)):
        Hazard.unguarded.filter(pk=late.pk).update(found_at=clock.now())
        late.refresh_from_db()
        loop.confirm(late, days=5)
    perform(loop.bureau, false, "dismiss", {"opinion": "没有"})
    loop.close(loop.confirm(closed))
    other = loop.confirm(loop.hazard("second", title="别校的"), days=4)
    bureau = loop.bureau.user
    assert listed(bureau, "/safety/rectifications/") == [late.number, soon.number, other.number]
    assert listed(loop.school.user, "/safety/rectifications/") == [late.number, soon.number]
    page = signed_in(bureau).get("/safety/rectifications/").content.decode()
    assert page.index("逾期 4 天") < page.index("还有")
    unit = loop.county.units["second"].pk
    for query, wanted in {
        f"org={unit}": [other.number],
        f"org={unit}&state=fixing": [],
        "source=routine&state=assigned": [late.number, soon.number, other.number],
        f"category={loop.county.category.pk}&overdue=1": [late.number],
        f"found_at_from={clock.today()}": [soon.number, other.number],
    }.items():
        assert listed(bureau, "/safety/rectifications/", query) == wanted, query
    everything = listed(bureau, "/safety/hazards/")
    assert {waiting.number, false.number, closed.number} <= set(everything)


@pytest.mark.requirement("D03.3")
def test_the_page_and_the_paper_show_everything_and_pictures_stay_in_scope(loop: Loop) -> None:
    hazard = loop.hazard(detail="一层东侧堆放 6 张课桌", place="教学楼一层", reporter="lin")
    client = signed_in(loop.bureau.user)
    assert "还没有照片" in client.get(hazard.get_absolute_url()).content.decode()
    assert "还没有照片" in client.get(f"{hazard.get_absolute_url()}print").content.decode()
    shot = attach(loop.inspector, hazard, photo(), "before")
    loop.confirm(hazard)
    when = f"{hazard.created_at.astimezone(clock.zone()):%Y-%m-%d}"
    phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 13) Mobile"}
    for page in (
        client.get(hazard.get_absolute_url()).content.decode(),
        client.get(hazard.get_absolute_url(), **phone).content.decode(),
        client.get(f"{hazard.get_absolute_url()}print").content.decode(),
    ):
        for words in (
            when,
            "school",
            "lin（county）",
            "日常巡查",
            hazard.title,
            hazard.detail,
            "已确认",
            "待整改",
            "办理记录",
        ):
            assert words in page, words
        assert f"/files/{shot.uid}/thumb" in page
    full = f"/files/{shot.uid}/full"
    assert client.get(full).status_code == 200
    assert signed_in(loop.school.user).get(full).status_code == 200
    foreign = loop.county.person("wai", "bureau_safety", "neighbour")
    for outsider in (loop.second.user, foreign):
        assert signed_in(outsider).get(full).status_code == 404


@pytest.mark.requirement("SAF.16")
def test_a_school_reports_and_the_bureau_decides(loop: Loop) -> None:
    said = {"title": "围墙外倾", "category": loop.county.category.pk, "source": "self", "reported_up": "on"}
    said |= {
        "found_at": f"{clock.now().astimezone(clock.zone()):%Y-%m-%dT%H:%M}",
        "org": loop.county.units["school"].pk,
    }
    assert signed_in(loop.school.user).post("/safety/hazards/new", said).status_code == 303
    kept = said | {"title": "校内自查"}
    del kept["reported_up"]
    assert signed_in(loop.school.user).post("/safety/hazards/new", kept).status_code == 303
    hazard = Hazard.objects.unscoped().get(title="围墙外倾")
    assert listed(loop.bureau.user, "/safety/hazards/") == [hazard.number]
    loop.confirm(hazard)
    todo = signed_in(loop.school.user).get("/todos/").content.decode()
    assert "围墙外倾" in todo
    url = hazard.get_absolute_url()
    assert signed_in(loop.school.user).post(f"{url}move/strike_off").status_code == 403
    assert signed_in(loop.bureau.user).post(f"{url}move/strike_off").status_code == 409
    loop.rectify(hazard)
    perform(loop.bureau, hazard, "send_back", {"opinion": "还有两处"})
    assert hazard.state == "returned"
    page = signed_in(loop.school.user).get(url).content.decode()
    assert "还有两处" in page
    assert "围墙外倾" in signed_in(loop.school.user).get("/todos/").content.decode()
    loop.close(hazard)
    assert Hazard.objects.unscoped().get(pk=hazard.pk).state == "closed"


@pytest.mark.requirement("SAF.18")
def test_one_hazard_is_followed_through_the_four_lists(loop: Loop) -> None:
    hazard, other = loop.hazard(source="special"), loop.hazard("second", source="spot")
    bureau, number = loop.bureau.user, hazard.number
    lists = [
        "/safety/hazards/",
        "/safety/rectifications/",
        "/safety/responsibilities/",
        "/safety/strike-offs/",
    ]
    where = lambda: [number in listed(bureau, path) for path in lists]  # noqa: E731
    assert where() == [True, False, False, False]
    loop.confirm(hazard)
    loop.confirm(other)
    assert where() == [True, True, True, False]
    loop.rectify(hazard)
    page = signed_in(bureau).get("/safety/rectifications/").content.decode()
    assert "不完整，缺整改前" in page
    attach(loop.inspector, hazard, photo(), "before")
    page = signed_in(bureau).get("/safety/rectifications/").content.decode()
    assert "前后齐全" in page
    assert "不完整" not in page
    record = signed_in(bureau).get(f"/safety/rectifications/{hazard.pk}/").content.decode()
    assert record.count("/thumb") >= 2
    perform(loop.bureau, hazard, "approve")
    perform(loop.inspector, hazard, "pass_recheck")
    perform(loop.bureau, hazard, "strike_off")
    assert where() == [True, False, True, True]
    today, unit = clock.today(), loop.county.units["school"].pk
    query = f"org={unit}&source=special&found_at_from={today}&found_at_to={today}"
    assert listed(bureau, "/safety/hazards/", query) == [number]
    assert listed(bureau, "/safety/hazards/", query.replace("special", "spot")) == []
    for path in lists:
        assert other.number not in listed(loop.school.user, path)
        reversed_ = f"found_at_from={today}&found_at_to={today - timedelta(days=1)}"
        assert signed_in(bureau).get(f"{path}?{reversed_}").status_code == 422


@pytest.mark.requirement("SAF.19")
def test_striking_off_keeps_date_person_and_attachment(loop: Loop) -> None:
    hazard = loop.to_recheck(loop.confirm(loop.hazard()))
    perform(loop.inspector, hazard, "pass_recheck")
    url = hazard.get_absolute_url()
    assert signed_in(loop.school.user).post(f"{url}move/strike_off").status_code == 403
    answer = signed_in(loop.bureau.user).post(
        f"{url}move/strike_off", {"opinion": "同意", "strike_off": photo("list.jpg")}
    )
    assert answer.status_code == 303
    hazard.refresh_from_db()
    assert hazard.archived_at is not None
    page = signed_in(loop.bureau.user).get("/safety/strike-offs/").content.decode()
    assert "zhou" in page
    assert f"{hazard.archived_at.astimezone(clock.zone()):%H:%M}" in page
    record = signed_in(loop.bureau.user).get(f"/safety/strike-offs/{hazard.pk}/").content.decode()
    assert "销号单" in record
    for path in ("/safety/rectifications/",):
        assert listed(loop.bureau.user, path) == []
    assert listed(loop.bureau.user, "/safety/hazards/", "open=1") == []
    assert signed_in(loop.bureau.user).post(f"{url}move/strike_off").status_code == 409


@pytest.mark.requirement("SAF.45")
def test_unfinished_schools_around_the_change_of_month(loop: Loop) -> None:
    turn = clock.now().astimezone(clock.zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with clock.moved(turn - timedelta(minutes=1)):
        old = loop.confirm(loop.hazard(title="上月最后一分钟"), days=90)
        new = loop.hazard("second", title="本月第一刻")
    Hazard.unguarded.filter(pk=new.pk).update(found_at=turn)
    with clock.moved(turn + timedelta(hours=1)):
        new.refresh_from_db()
        loop.confirm(new, days=80)
    client, url = signed_in(loop.bureau.user), "/safety/unfinished/"
    with clock.moved(turn + timedelta(hours=2)):
        page, month = (client.get(f"{url}{query}").content.decode() for query in ("", "?month=1"))
        assert old.title in page
        assert new.title in page
        assert old.title not in month
        assert new.title in month
        mine = signed_in(loop.school.user)
        own, foreign = loop.county.units["school"].pk, loop.county.units["second"].pk
        assert old.title in mine.get(f"{url}{own}/").content.decode()
        assert new.title not in mine.get(url).content.decode()
        assert mine.get(f"{url}{foreign}/").status_code == 404
        loop.to_recheck(new)
        assert new.title in client.get(url).content.decode()
        perform(loop.inspector, new, "pass_recheck")
        for query in ("", "?month=1"):
            assert new.title not in client.get(f"{url}{query}").content.decode()


@pytest.mark.requirement("D03.7")
def test_what_is_archived_takes_no_change_from_anybody(loop: Loop) -> None:
    hazard = loop.to_recheck(loop.confirm(loop.hazard()))
    with pytest.raises(Conflict):
        perform(loop.bureau, hazard, "strike_off")
    perform(loop.inspector, hazard, "pass_recheck")
    with pytest.raises(Forbidden):
        perform(loop.school, hazard, "strike_off")
    perform(loop.bureau, hazard, "strike_off")
    client, url = signed_in(loop.bureau.user), hazard.get_absolute_url()
    assert listed(loop.bureau.user, "/safety/hazards/", "archived=1&q=课桌椅") == [hazard.number]
    page = client.get(url).content.decode()
    assert "已归档" in page
    assert "/thumb" in page
    assert client.get(f"{url}print").status_code == 200
    assert client.post(f"{url}edit", {"title": "改写"}).status_code == 409
    for name in ("title", "measure", "opinion", "grade", "due_at", "responsible", "state"):
        body = {"version": hazard.version, "values": {name: "low"}}
        answer = client.patch(f"/api/safety/hazards/{hazard.pk}", body, content_type="application/json")
        assert answer.status_code in (409, 422), (name, answer.status_code)
    moved = client.post(
        f"/api/safety/hazards/{hazard.pk}/move/cancel",
        {"values": {"opinion": "x"}},
        content_type="application/json",
    )
    assert moved.status_code == 409
    with pytest.raises(Conflict):
        attach(loop.bureau, hazard, photo(), "after")
    stored: Any = Hazard.objects.unscoped().get(pk=hazard.pk)
    assert (stored.title, stored.state, stored.version) == (hazard.title, "closed", hazard.version)


def test_the_register_knows_no_deletion(loop: Loop) -> None:
    hazard = loop.hazard()
    for user in (loop.bureau.user, loop.school.user):
        client = signed_in(user)
        assert client.delete(hazard.get_absolute_url()).status_code == 405
        assert client.delete(f"/api/safety/hazards/{hazard.pk}").status_code == 405
    with pytest.raises(Conflict):
        hazard.delete()
    with pytest.raises(Conflict):
        Hazard.objects.unscoped().delete()
    assert Hazard.objects.unscoped().count() == 1
    assert create(SYSTEM, Hazard(org=hazard.org, title="另一条", category=hazard.category)).pk != hazard.pk
