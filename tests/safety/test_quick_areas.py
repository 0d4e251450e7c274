"""Quick reports go to whoever keeps the area of their place (S05.4)."""

from datetime import time

import pytest

from anlan.base.grids import Grid
from anlan.base.people import Person
from anlan.base.places import Place
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.loops import signed_in
from tests.safety.test_quick_reports import Reports, names_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S05.4")
def test_a_report_from_a_place_reaches_who_keeps_its_area_and_gaps_are_listed(county: County) -> None:
    reports = Reports(county)
    unit = reports.county.units["school"]
    member = create(SYSTEM, Person(org=unit, name="韦处理", account=reports.keeper))
    hall, yard, lab = (
        create(SYSTEM, Place(org=unit, name=name, kind="building")) for name in ("楼", "操场", "室")
    )
    floor = create(SYSTEM, Place(org=unit, name="二层", kind="floor", parent=hall))
    east, west = (create(SYSTEM, Grid(org=unit, name=name, level="campus")) for name in ("东区", "西区"))
    change(SYSTEM, east, {"keeper": member, "places": [floor, lab]})
    west.places.add(lab)  # from before the rule that a place lies in one area

    report = reports.send(place=str(floor))
    assert report.grid == east
    assert [line.url for line in todos_for(reports.keeper)] == [report.get_absolute_url()]
    assert len(names_of(reports.keeper)) == 1
    assert not todos_for(reports.manager).filter(url=report.get_absolute_url()).exists()
    keeper = signed_in(reports.keeper)
    assert "东区" in keeper.get(report.get_absolute_url()).content.decode()
    said = {"version": report.version, "idempotency": "a"}
    assert keeper.post(f"{report.get_absolute_url()}move/accept", said).status_code == 303

    elsewhere = [reports.send(place=str(place)) for place in (yard, lab)]
    secret = reports.send(place=str(floor), kind=reports.secret.pk)
    assert [one.grid for one in elsewhere] == [None, None], "in no area, or in two, is nobody's"
    assert {line.url for line in todos_for(reports.manager)} >= {one.get_absolute_url() for one in elsewhere}
    for one in (*elsewhere, secret):
        assert keeper.get(one.get_absolute_url()).status_code == 404

    whole = create(SYSTEM, Grid(org=unit, name="全校", level="school", keeper=member))
    page = signed_in(reports.manager).get(whole.get_absolute_url()).content.decode().split("缺口", 1)[1]
    vacant, places = page.split("不在唯一网格的场所")
    assert "西区" in vacant
    assert "东区" not in vacant
    assert '操场</a><span class="al-meta"> 未划入网格' in places
    assert '室</a><span class="al-meta"> 同时在 2 个网格' in places
    assert "二层</a>" not in places


@pytest.mark.requirement("S05.4")
def test_a_place_lies_in_one_area_moves_by_one_act_and_what_is_found_there_reaches_its_person(
    county: County,
) -> None:
    reports = Reports(county)
    unit, manager = county.units["school"], signed_in(reports.manager)
    people = [
        create(SYSTEM, Person(org=unit, name=name, account=county.person(code, "school_contact", "school")))
        for code, name in (("dong", "东区长"), ("xi", "西区长"))
    ]
    canteen, gate, yard = (
        create(SYSTEM, Place(org=unit, name=name, kind="building")) for name in ("食堂", "校门", "操场")
    )
    east, west = (
        create(SYSTEM, Grid(org=unit, name=name, level="campus", keeper=keeper))
        for name, keeper in zip(("东区", "西区"), people, strict=True)
    )
    change(SYSTEM, east, {"places": [canteen, gate]})
    typed = {
        "org": unit.pk,
        "name": "西区",
        "level": "campus",
        "keeper": people[1].pk,
        "version": west.version,
    }
    refused = manager.post(f"{west.get_absolute_url()}edit", typed | {"places": [canteen.pk, yard.pk]})
    assert refused.status_code == 422
    assert "已在其他网格：食堂（东区）" in refused.content.decode()
    assert not west.places.exists(), "nothing of a refused form is stored"

    act = f"{west.get_absolute_url()}act/take_over"
    assert "食堂（现在东区）" in manager.get(act).content.decode()
    sent = {"places": [canteen.pk, yard.pk], "idempotency": "a"}
    assert [manager.post(act, sent).status_code for _ in range(2)] == [303, 303]
    assert [list(grid.places.order_by("pk")) for grid in (east, west)] == [[gate], [canteen, yard]]
    for record, words in ((east, "移出场所"), (west, "划入场所"), (canteen, "调整网格")):
        assert words in manager.get(record.get_absolute_url()).content.decode(), record
    assert "西区长" in manager.get(canteen.get_absolute_url()).content.decode()
    outsider = signed_in(county.person("wai", "school_safety", "second"))
    assert outsider.post(act, sent | {"idempotency": "b"}).status_code == 404

    report = reports.send(place="食堂")
    assert {line.url for line in todos_for(people[1].account)} == {report.get_absolute_url()}
    assert not todos_for(people[0].account)
    hazard = reports.loop.confirm(reports.loop.hazard(place="食堂"))
    walk = create(SYSTEM, Route(org=unit, name="夜巡", begins_at=time(18), ends_at=time(22)))
    point = create(SYSTEM, Point(org=unit, route=walk, number=1, name="食堂"))
    said = {"org": unit, "route": walk, "point": point, "person": reports.manager, "day": clock.today()}
    found = Stamp(at=clock.now(), place="near", way="label", fine=False, note="后门没锁", **said)
    create(SYSTEM, found)
    told = names_of(people[1].account)
    assert f"待整改：{hazard.title}" in told
    assert "巡查发现异常：食堂" in told
    assert names_of(people[0].account) == []
