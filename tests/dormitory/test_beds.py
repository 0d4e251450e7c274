"""Buildings, rooms and beds; boarders assigned, moved, checked out; who sees what of a minor (D17.1, D17.2)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from anlan.domains.dormitory.boarders import Boarder, HealthRemark
from anlan.domains.dormitory.buildings import Bed, Room, take_away
from anlan.domains.dormitory.stays import Stay, assign, check_out
from anlan.engines.audit.api import SYSTEM, AuditEntry, archive, change, create
from anlan.engines.exchange.api import apply, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.kernel.errors import Conflict, Rejected
from tests.dormitory.conftest import House, at
from tests.factories import sign_in
from tests.files.making import an_xlsx, upload
from tests.safety.test_races import at_once


def listed(user: Any, query: str) -> list[dict[str, Any]]:
    """Rows of a list as the API gives them."""
    found: list[dict[str, Any]] = sign_in(Client(), user).get(f"/api/dormitory/{query}").json()["results"]
    return found


@pytest.mark.requirement("D17.1")
def test_beds_add_up_and_a_room_neither_mixes_nor_overflows(house: House) -> None:
    low, high = house.room(house.boys, "101", 2), house.room(house.boys, "301", 3)
    house.settled(high, "Z1", "Z2")
    numbers = ("beds", "lived", "free")
    rooms = {row["number"]: tuple(row[name] for name in numbers) for row in listed(house.head, "rooms/")}
    assert rooms == {"101": (2, 0, 2), "301": (3, 2, 1)}
    (boys,) = [row for row in listed(house.head, "buildings/") if row["name"] == "1号楼"]
    assert tuple(boys[name] for name in numbers) == (5, 2, 3)
    page = sign_in(Client(), house.head).get(house.boys.get_absolute_url()).content.decode()
    table = page.split("各层床位（表格）")[1].split("</table>")[0]
    cells = [text.split("<")[0] for text in table.split('class="is-num">')[5:]]
    assert cells == ["1", "2", "0", "2", "1", "3", "2", "1", "2", "5", "2", "3"]
    assert len(listed(house.head, "beds/?free=1")) == 3
    assert len(listed(house.head, "beds/?taken=1")) == 2

    girl = house.boarder("G1", "female")
    with pytest.raises(Rejected, match="男生房间"):
        assign(SYSTEM, girl, house.beds(low)[0])
    with pytest.raises(Rejected, match="男生宿舍楼"):
        house.room(house.boys, "102", 2, sex="female")
    both = house.room(house.building("3号楼", "both"), "201", 2, sex="male")
    house.settled(both, "Z3")
    with pytest.raises(Rejected, match="另一性别"):
        change(SYSTEM, both, {"sex": "female"})
    full = house.beds(high)[0]
    with pytest.raises(Rejected, match="已经有人"):
        assign(SYSTEM, house.boarder("Z4"), full)
    with pytest.raises(Conflict, match="床位上有人"):
        take_away(SYSTEM, full)
    with pytest.raises(Rejected, match="床位上有人"):
        change(SYSTEM, high, {"size": 1})
    high.refresh_from_db()
    with pytest.raises(Rejected, match="床位上有人"):
        archive(SYSTEM, high)
    high.refresh_from_db()
    change(SYSTEM, high, {"size": 2})
    assert len(house.beds(high)) == 2
    take_away(SYSTEM, house.beds(low)[1])
    assert Room.unguarded.get(pk=low.pk).size == len(house.beds(low)) == 1


@pytest.mark.requirement("D17.2")
def test_one_pupil_has_one_bed_and_every_stay_keeps_its_dates(house: House) -> None:
    boys, girls = house.room(house.boys, "301", 3), house.room(house.girls, "401", 1)
    (pupil,) = house.settled(boys, "Z1")
    first, second, third = house.beds(boys)
    with pytest.raises(Rejected, match="已有床位"):
        create(SYSTEM, Stay(org=house.school, boarder=pupil, bed=second))
    with pytest.raises(Rejected, match="女生房间"):
        assign(SYSTEM, pupil, house.beds(girls)[0])
    assign(SYSTEM, pupil, second, date(2026, 9, 5))
    check_out(SYSTEM, pupil, date(2026, 9, 8))
    rows = Stay.objects.unscoped().filter(boarder=pupil).order_by("starts_on")
    assert [(row.bed, row.starts_on.day, row.ends_on.day, row.end) for row in rows if row.ends_on] == [
        (first, 1, 5, "move"),
        (second, 5, 8, "out"),
    ]
    with pytest.raises(Rejected, match="已退宿"):
        assign(SYSTEM, Boarder.unguarded.get(pk=pupil.pk), third)

    house.boarder("Z2")
    house.boarder("Z3")
    sheet = an_xlsx(
        ["学生", "床位", "入住日期"], ["Z2", "1号楼 301-1", "2026-09-01"], ["Z3", "2号楼 401-1", "2026-09-01"]
    )
    actor = house.actor(house.safety)
    session = prepare(actor, target_of("dormitory.stays"), upload("床位.xlsx", sheet))
    assert [(row.number, list(row.problems)) for row in ImportRow.bad_of(session)] == [(3, ["bed"])]
    apply(actor, session, "good")
    assert [str(stay.bed) for stay in Stay.objects.unscoped().filter(boarder__code="Z2")] == ["1号楼 301-1"]

    health = house.own(HealthRemark, boarder=Boarder.unguarded.get(code="Z2"), remark="花生过敏")
    entitled, bureau = sign_in(Client(), house.keeper), sign_in(Client(), house.bureau)
    for client in (entitled, bureau):
        page = client.get(health.boarder.get_absolute_url()).content.decode()
        assert "张小Z2" not in page
        assert "花生过敏" not in page
    assert AuditEntry.objects.filter(action="view", object_id=str(health.boarder.pk)).count() == 2
    assert bureau.get("/dormitory/health/").status_code == 403
    assert bureau.get(health.get_absolute_url()).status_code == 403
    assert bureau.get("/api/dormitory/health/").status_code == 403
    assert "花生过敏" not in entitled.get(health.get_absolute_url()).content.decode()
    assert "花生过敏" not in str(listed(house.safety, "health/"))
    seen = entitled.post(f"{health.get_absolute_url()}unmask", {"reason": "夜间发病"}).content.decode()
    assert "花生过敏" in seen
    assert AuditEntry.objects.filter(action="unmask", object_id=str(health.pk)).count() == 1
    stranger = sign_in(Client(), house.stranger())
    assert stranger.get(health.boarder.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("code", ["35058220100101001X", "G35058220100101001X"])
def test_no_identity_number_of_a_minor_is_kept(house: House, code: str) -> None:
    with pytest.raises(Rejected, match="校内学号"):
        house.boarder(code)


@pytest.mark.django_db(transaction=True)
def test_two_keepers_who_give_the_same_bed_at_once_give_it_once() -> None:
    with at(21):
        house = House()
        bed = house.beds(house.room(house.boys, "301", 1))[0]
        pupils = [house.boarder(code) for code in ("Z1", "Z2")]

        def give(pupil: Boarder) -> None:
            try:
                assign(SYSTEM, pupil, bed)
            except Rejected as refused:
                raise Conflict(refused.message) from None

        assert at_once(lambda: give(pupils[0]), lambda: give(pupils[1])) == ["done", "refused"]
    assert Stay.objects.unscoped().filter(bed=bed, ends_on=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bed_is_not_taken_away_while_somebody_moves_in() -> None:
    with at(21):
        house = House()
        room = house.room(house.boys, "301", 2)
        pupil, bed = house.boarder("Z1"), house.beds(room)[1]

        def move_in() -> None:
            try:
                assign(SYSTEM, pupil, bed)
            except Rejected as refused:
                raise Conflict(refused.message) from None

        at_once(move_in, lambda: take_away(SYSTEM, Bed.unguarded.get(pk=bed.pk)))
    gone = Bed.unguarded.get(pk=bed.pk).archived_at is not None
    assert Stay.objects.unscoped().filter(bed=bed).exists() is not gone
