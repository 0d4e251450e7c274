"""Keepers and gaps, checks of rooms, leave and visitors, figures of boarding schools (D17.4-D17.7)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.schools import School
from anlan.domains.dormitory.checks import RoomCheck, conclude
from anlan.domains.dormitory.keepers import Keeper, Night
from anlan.domains.dormitory.leaves import Leave, Visit, come_back, sign_out
from anlan.domains.dormitory.roll_calls import Marked, take
from anlan.domains.dormitory.rules import DormitoryRules
from anlan.domains.dormitory.stays import check_out
from anlan.domains.dormitory.watching import watch
from anlan.domains.safety.hazards import Hazard
from anlan.engines.analytics.api import analyses
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.files.api import attach, attachments_of
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import RiskCategory
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.dormitory.conftest import WEDNESDAY, House, at
from tests.dormitory.test_beds import listed
from tests.factories import sign_in
from tests.files.making import a_picture


@pytest.mark.requirement("D17.4")
def test_a_night_without_a_keeper_is_a_gap_and_girls_are_kept_by_women(house: House) -> None:
    house.settled(house.room(house.boys), "Z1")
    house.room(house.girls, "401")
    gaps = [row["name"] for row in listed(house.bureau, "buildings/?gap=1")]
    assert gaps == ["1号楼"]
    page = sign_in(Client(), house.head).get(house.boys.get_absolute_url()).content.decode()
    assert page.count("没有宿管员值班") == 7
    house.duty(house.boys)
    assert listed(house.bureau, "buildings/?gap=1") == []
    page = sign_in(Client(), house.head).get(house.boys.get_absolute_url()).content.decode()
    assert page.count("没有宿管员值班") == 6
    with pytest.raises(Rejected, match="女性"):
        house.duty(house.girls)
    assert house.duty(house.girls, "2").pk

    bare = house.own(Keeper, person=house.person("新宿管"))
    found = {row["id"]: row["checked"] for row in listed(house.bureau, "keepers/?unchecked=1")}
    assert found == {bare.pk: "未核查"}
    certified = Keeper.unguarded.exclude(pk=bare.pk).order_by("pk")[0]
    change(SYSTEM, certified, {"health_number": "JK1", "health_until": WEDNESDAY + timedelta(days=9)})
    lacking = {row["id"] for row in listed(house.bureau, "keepers/?uncertified=1")}
    assert certified.pk not in lacking
    assert bare.pk in lacking
    with at(21, day=WEDNESDAY + timedelta(days=10)):
        assert certified.pk in {row["id"] for row in listed(house.bureau, "keepers/?uncertified=1")}
    with pytest.raises(Rejected):
        house.own(Night, building=house.girls, night=WEDNESDAY, keeper=bare)


def a_check(house: House, room: Any, **said: Any) -> RoomCheck:
    """A check of a room."""
    return house.own(RoomCheck, building=room.building, room=room, **said)


@pytest.mark.requirement("D17.5")
def test_findings_become_hazards_with_pictures_and_rooms_not_checked_are_listed(house: House) -> None:
    for code in ("fire", "health"):
        create(SYSTEM, RiskCategory(org=house.tree.county, code=code, title=code))
    room, other = house.room(house.boys, "301"), house.room(house.boys, "302")
    locked = a_check(house, room, exit_locked=True, shift="night", note="南侧门上锁", handled="已打开")
    hazard = Hazard.objects.unscoped().get()
    assert (hazard.title, hazard.place, hazard.source) == (
        "宿舍检查：安全出口锁闭或堵塞",
        "1号楼 301",
        "self",
    )
    locked.refresh_from_db()
    assert locked.url == hazard.get_absolute_url()

    kettle = a_check(house, room, appliance=True, note="电热水壶", handled="已收走")
    assert Hazard.objects.unscoped().count() == 1
    with pytest.raises(Rejected, match="照片"):
        conclude(SYSTEM, kettle)
    attach(SYSTEM, kettle, SimpleUploadedFile("a.jpg", a_picture()), "photo")
    sign_in(Client(), house.keeper).post(f"{kettle.get_absolute_url()}act/conclude")
    made = Hazard.objects.unscoped().get(title="宿舍检查：违规用电器")
    assert len(attachments_of(made)) == 1
    conclude(SYSTEM, kettle)
    assert Hazard.objects.unscoped().count() == 2

    house.own(DormitoryRules, appliance_hazard="no", check_days=3)
    second = a_check(house, room, appliance=True, note="电热毯", handled="已收走")
    attach(SYSTEM, second, SimpleUploadedFile("b.jpg", a_picture()), "photo")
    assert conclude(SYSTEM, second) == ""
    a_check(house, room, hygiene=True, note="地面不洁", handled="已打扫")
    assert Hazard.objects.unscoped().count() == 2
    a_check(house, room, hygiene=True, note="地面不洁")
    assert Hazard.objects.unscoped().count() == 3
    with pytest.raises(Rejected, match="情况"):
        a_check(house, room, wiring=True)

    assert [row["id"] for row in listed(house.head, "room-checks/?unchecked=1")] == [other.pk]
    with at(9, day=WEDNESDAY + timedelta(days=3)):
        found = [row["id"] for row in listed(house.head, "room-checks/?unchecked=1")]
        assert sorted(found) == sorted([room.pk, other.pk])


@pytest.mark.requirement("D17.6")
def test_who_is_not_back_is_listed_visitors_who_stay_are_told_of_and_leave_needs_consent(
    house: House,
) -> None:
    (pupil,) = house.settled(house.room(house.boys), "Z1")
    house.duty(house.boys)
    start = datetime.combine(WEDNESDAY, time(16), clock.zone())
    said = {"boarder": pupil, "reason": "就医", "starts_at": start, "back_by": start + timedelta(hours=5)}
    with pytest.raises(Rejected, match="监护人同意"):
        house.own(Leave, **said)
    away = house.own(Leave, **said, consent="call")
    assert [row["id"] for row in listed(house.keeper, "leaves/?late=1")] == [away.pk]
    with at(20, 30):
        assert listed(house.keeper, "leaves/?late=1") == []
    come_back(SYSTEM, away)
    assert listed(house.keeper, "leaves/?late=1") == []
    with pytest.raises(Conflict):
        come_back(SYSTEM, Leave.unguarded.get(pk=away.pk))
    house.own(DormitoryRules, consent="no")
    assert house.own(Leave, **said).pk

    came = datetime.combine(WEDNESDAY, time(17), clock.zone())
    visit = house.own(Visit, building=house.boys, visitor="张大", boarder=pupil, reason="送药", came_at=came)
    gone = house.own(Visit, building=house.boys, visitor="张二", reason="送衣物", came_at=came)
    sign_out(SYSTEM, gone)
    with at(18, 30):
        assert watch()["visitors"] == 0
    assert watch()["visitors"] == 1
    assert watch()["visitors"] == 0
    told = Message.objects.filter(event="dormitory.visitor")
    assert {one.addressee.name for one in told} == {"何老师", "带班李"}
    assert {one.object_id for one in told} == {visit.pk}
    assert not told.filter(text__contains="张大").exists()


@pytest.mark.requirement("D17.7")
def test_the_bureau_counts_what_schools_count_and_sees_no_names(house: House) -> None:
    for unit, name in ((house.school, "池店一小"), (house.tree.sister_school, "走读小学")):
        create(SYSTEM, School(org=unit, name=name, kind="primary", nature_id="school_nature.public"))
    boys = house.settled(house.room(house.boys, "301", 4), "Z1", "Z2", "Z3")
    house.duty(house.boys)
    call = house.call()
    take(
        house.actor(house.keeper),
        call,
        {pupil.pk: Marked("missing" if pupil == boys[0] else "present") for pupil in boys},
        clock.now(),
    )
    check_out(SYSTEM, boys[2])
    with at(23):
        (row,) = listed(house.bureau, "schools/")
        assert row == listed(house.head, "schools/")[0]
        names = (
            "name",
            "houses",
            "beds",
            "lived",
            "rate",
            "pupils_here",
            "keepers",
            "per_keeper",
            "called",
            "missing",
            "open",
        )
        assert tuple(row[name] for name in names) == ("池店一小", 2, 4, 2, "50%", 2, 1, 2, "100%", 1, 1)
        client = sign_in(Client(), house.bureau)
        for figure in analyses["dormitory.houses"].figures:
            rows = client.get(f"/api{figure.url}").json()["results"]
            assert len(rows) == figure.value(house.bureau) == figure.value(house.head), figure.title
            assert not any(pupil.name in str(rows) for pupil in boys)
        page = client.get("/analysis/dormitory/houses/")
        assert page.status_code == 200
        assert client.get("/dormitory/boarders/").content.decode().count("张小Z") == 0
