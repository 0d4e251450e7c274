"""Quick reports go to whoever keeps the area of their place (S05.4)."""

import pytest

from anlan.base.grids import Grid
from anlan.base.people import Person
from anlan.base.places import Place
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.tasks.api import todos_for
from tests.safety.conftest import County
from tests.safety.loops import signed_in
from tests.safety.test_quick_reports import Reports, names_of

pytestmark = pytest.mark.django_db


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
    change(SYSTEM, west, {"places": [lab]})

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
