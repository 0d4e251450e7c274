"""Separated zones at the gate when pupils come and go (N1.12)."""

from datetime import date, datetime, time
from typing import Any

import pytest

from anlan.base.calendar import CalendarSpan
from anlan.base.people import Person
from anlan.domains.alarms.entrances import Entrance
from anlan.domains.alarms.peak_days import PeakDay
from anlan.domains.alarms.peak_round import close_over, flag_unstaffed, issue
from anlan.domains.alarms.peaks import PeakZone
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import a_user
from tests.site_security.conftest import Ground, web

pytestmark = pytest.mark.django_db
ZONES, DAYS = "/alarms/peak-zones/", "/api/alarms/peak-days/"


def at(day: int, hour: int, minute: int = 0) -> Any:
    """A moment of September 2026; the 9th is a Wednesday, the 11th made a holiday."""
    return clock.moved(datetime(2026, 9, day, hour, minute, tzinfo=clock.zone()))


def seen(actor: Actor, query: str = "") -> list[str]:
    """The days somebody sees, the earliest first, in words of the list."""
    rows = reversed(web(actor).get(f"{DAYS}{query}").json()["results"])
    return [f"{row['what']} {row['standing']}" for row in rows]


@pytest.mark.requirement("N1.12")
def test_each_school_day_a_zone_falls_due_with_its_people_and_is_done_or_missed(ground: Ground) -> None:
    school, client = ground.tree.school, web(ground.officer)
    gate = create(ground.officer, Entrance(org=school, title="南大门"))
    guard = Actor.person(a_user("guard", school, name="老林"), "web")
    passer = Actor.person(a_user("guard", school, name="路过"), "web")
    keeper = create(ground.officer, Person(org=school, name="老林", account=guard.user))
    stranger = create(ground.stranger, Person(org=ground.tree.sister_school, name="外校人"))
    span = {"first": date(2026, 9, 11), "last": date(2026, 9, 11)}
    create(ground.bureau, CalendarSpan(org=ground.tree.county, kind="holiday", name="运动会", **span))
    body = {"org": school.pk, "entrance": gate.pk, "barriers": "铁马 12 个", "layout": "门外右侧等候"}
    morning = body | {"name": "到校", "begins_at": "07:10", "ends_at": "08:00", "staff": keeper.pk}
    evening = body | {"name": "放学", "begins_at": "16:30", "ends_at": "17:30"}

    with at(9, 6):
        assert client.post(f"{ZONES}new", morning | {"staff": stranger.pk}).status_code == 422
        assert client.post(f"{ZONES}new", morning | {"ends_at": "07:00"}).status_code == 422
        assert not PeakZone.unguarded.exists()
        for said in (morning, evening):
            assert client.post(f"{ZONES}new", said).status_code == 303
        due = ["南大门 到校 09-09 未开始", "南大门 放学 09-09 没有安排人员",
               "南大门 到校 09-10 未开始", "南大门 放学 09-10 没有安排人员"]  # fmt: skip
        assert sorted(seen(ground.bureau)) == sorted(due)
        assert (issue(), len(seen(ground.bureau))) == (0, 4), "once"
        assert sorted(seen(ground.bureau, "?unstaffed=1")) == [due[1], due[3]], "flagged before it starts"
        assert flag_unstaffed() == flag_unstaffed() == 2
        told = Message.objects.filter(event="alarms.peak_unstaffed")
        assert {one.addressee for one in told} == {ground.officer.user}
        assert told.count() == 2, "told once for each"
        assert todos_for(guard.user).filter(kind="alarms.peak").count() == 2
        today = PeakDay.unguarded.get(zone__name="到校", day=clock.today())
        confirm = f"{today.get_absolute_url()}act/confirm"
        early = web(guard).post(confirm, {})
        assert (early.status_code, "才开始，不能提前确认" in early.content.decode()) == (422, True)
        assert PeakDay.unguarded.get(pk=today.pk).state == "open"
    with at(9, 7, 30):
        assert web(passer).post(confirm, {}).status_code == 422, "not named for it"
        assert web(ground.stranger).post(confirm, {}).status_code == 404
        assert web(guard).post(confirm, {"note": "正常"}).status_code == 303
        assert todos_for(guard.user).filter(kind="alarms.peak").count() == 1
        later = PeakDay.unguarded.get(zone__name="放学", day=clock.today())
        assert client.post(f"{later.get_absolute_url()}act/assign", {"staff": [keeper.pk]}).status_code == 303
        assert seen(ground.bureau, "?unstaffed=1") == [due[3]]
    with at(9, 18):
        late = web(guard).post(f"{later.get_absolute_url()}act/confirm", {})
        assert late.status_code in (409, 422), "its time is over"
        assert (close_over(), close_over()) == (1, 0)
        shown = seen(ground.bureau)
        assert "南大门 到校 09-09 已完成" in shown
        assert "南大门 放学 09-09 未完成" in shown
        assert Message.objects.filter(event="alarms.peak_missed", addressee=ground.officer.user).count() == 1
    for day in (10, 11, 12, 13):  # a working day, then the holiday and a weekend; the 14th is a Monday
        with at(day, 20):
            issue()
            close_over()
    days = set(PeakDay.unguarded.filter(archived_at=None).values_list("day__day", flat=True))
    assert days == {9, 10, 14}, "neither a holiday nor a weekend made one"
    page = client.get(f"{ZONES}{PeakZone.unguarded.get(name='到校').pk}/").content.decode()
    assert "老林" in page


def test_what_is_still_to_come_follows_zone_and_calendar(ground: Ground) -> None:
    gate = create(ground.officer, Entrance(org=ground.tree.school, title="南大门"))
    hours = {"begins_at": time(7), "ends_at": time(8)}
    said = {"org": ground.tree.school, "entrance": gate, "name": "到校", "barriers": "铁马", "layout": "右侧"}
    with at(9, 6):
        create(SYSTEM, PeakZone(**said, **hours))
        span = {"first": date(2026, 9, 10), "last": date(2026, 9, 10)}
        create(ground.bureau, CalendarSpan(org=ground.tree.county, kind="holiday", name="台风停课", **span))
        issue()
        assert [row.day.day for row in PeakDay.unguarded.filter(archived_at=None)] == [9], "withdrawn"
        zone = PeakZone.unguarded.get()
        body = {
            "name": "到校",
            "barriers": "铁马",
            "layout": "右侧",
            "begins_at": "07:20",
            "ends_at": "08:10",
        }
        ids = {"org": zone.org_id, "entrance": gate.pk, "version": zone.version}
        assert web(ground.officer).post(f"{ZONES}{zone.pk}/edit", body | ids).status_code == 303
        row = PeakDay.unguarded.get(archived_at=None)
        assert f"{row.begins_at.astimezone(clock.zone()):%H:%M}" == "07:20"
        assert web(ground.officer).post(f"{ZONES}{zone.pk}/archive").status_code == 303
        assert not PeakDay.unguarded.filter(archived_at=None).exists()
