"""The grid: keepers, scope, gaps."""

import re

import pytest

from anlan.base.grid_gaps import places_outside, schools_outside, vacant
from anlan.base.grid_places import take_over
from anlan.base.grids import Grid
from anlan.base.people import leave
from anlan.base.places import Place
from anlan.base.schools import School
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import scope
from anlan.kernel.errors import Rejected
from tests.factories import a_user, sign_in

pytestmark = pytest.mark.django_db


def area(tree, name="东片区", **values):
    return create(SYSTEM, Grid(org=tree.county, name=name, level="area", **values))


def reach(person):
    return scope(User.objects.get(pk=person.account_id), "base.schools.view")


def test_changing_an_area_changes_the_keepers_scope_at_once(tree, schools, person):
    keeper = person("片长", "350582")
    grid = area(tree, keeper=keeper)
    change(SYSTEM, grid, {"schools": [schools["S1"]]})
    assert reach(keeper).covers(tree.school.path)
    change(SYSTEM, grid, {"schools": [schools["S2"]]})
    assert not reach(keeper).covers(tree.school.path)
    assert reach(keeper).covers(tree.sister_school.path)
    change(SYSTEM, grid, {"keeper": None})
    assert not reach(keeper)


def test_schools_in_no_area_or_in_two_are_listed(tree, schools):
    first, second = area(tree), area(tree, "西片区")
    change(SYSTEM, first, {"schools": [schools["S1"], schools["S2"]]})
    change(SYSTEM, second, {"schools": [schools["S2"]]})
    found = schools_outside(School.objects.unscoped().filter(org__path__startswith=tree.county.path))
    assert {(school.name, school.areas) for school in found} == {("池店二小", 2), ("陈埭中学", 0)}


def test_a_keeper_who_leaves_makes_a_vacancy(tree, schools, person):
    keeper = person("片长", "350582")
    grid = area(tree, keeper=keeper)
    assert not vacant(Grid.objects.unscoped()).exists()
    leave(SYSTEM, keeper)
    assert [found.pk for found in vacant(Grid.objects.unscoped())] == [grid.pk]
    with pytest.raises(Rejected):
        change(SYSTEM, Grid.objects.unscoped().one(pk=grid.pk), {"keeper": keeper})


def test_a_member_of_another_school_keeps_no_grid_of_this_one(tree, person):
    with pytest.raises(Rejected) as refused:
        create(SYSTEM, Grid(org=tree.school, name="教学区", level="campus", keeper=person("外校", "S2")))
    assert "keeper" in refused.value.fields


def test_a_grid_lies_in_a_wider_one(tree):
    wide = area(tree)
    with pytest.raises(Rejected):
        create(SYSTEM, Grid(org=tree.county, name="全县", level="district", parent=wide))


def test_places_in_no_grid_or_in_two_are_listed(tree):
    names = ("教学楼", "食堂", "操场")
    hall, canteen, yard = (
        create(SYSTEM, Place(org=tree.school, name=name, kind="building")) for name in names
    )
    floor = create(SYSTEM, Place(org=tree.school, name="一层", kind="floor", parent=hall))
    grids = [create(SYSTEM, Grid(org=tree.school, name=name, level="campus")) for name in ("甲", "乙")]
    change(SYSTEM, grids[0], {"places": [floor, canteen]})
    grids[1].places.add(canteen)  # from before the rule
    found = places_outside(Place.objects.unscoped().filter(org=tree.school))
    assert {(place.name, place.in_grids) for place in found} == {("食堂", 2), ("操场", 0)}
    take_over(SYSTEM, grids[1], [canteen, yard])
    assert not places_outside(Place.objects.unscoped().filter(org=tree.school)).exists()


def test_a_place_stays_in_its_school_and_out_of_itself(tree):
    hall = create(SYSTEM, Place(org=tree.school, name="教学楼", kind="building"))
    with pytest.raises(Rejected):
        create(SYSTEM, Place(org=tree.sister_school, name="一层", kind="floor", parent=hall))
    room = create(SYSTEM, Place(org=tree.school, name="一层", kind="floor", parent=hall))
    with pytest.raises(Rejected):
        change(SYSTEM, hall, {"parent": room})


def test_the_grid_page_shows_keeper_figures_and_every_gap(client, tree, schools, person):
    keeper = person("片长", "350582")
    top = create(SYSTEM, Grid(org=tree.county, name="晋江市", level="district"))
    east = area(tree, keeper=keeper, parent=top)
    change(SYSTEM, east, {"schools": [schools["S1"]]})
    create(SYSTEM, Place(org=tree.school, name="操场", kind="area"))
    sign_in(client, a_user("bureau_safety", tree.county))
    page = client.get(top.get_absolute_url()).content.decode()
    for words in ("晋江市", "池店二小", "陈埭中学", "未划入片区", "操场", "3 所"):
        assert words in page, words
    assert "南安" not in page
    page = client.get(east.get_absolute_url()).content.decode()
    assert "片长" in page
    assert "1 所" in page
    assert "1 个没有责任人" in client.get("/base/grids/").content.decode()


@pytest.mark.requirement("X.20")
def test_each_school_has_one_street_and_area_with_keepers_figures_gaps_and_scope(
    client, tree, schools, person
):
    keepers = {name: person(name, "350582") for name in ("县长", "片长", "街长")}
    top = create(SYSTEM, Grid(org=tree.county, name="晋江市", level="district", keeper=keepers["县长"]))
    east = area(tree, parent=top, keeper=keepers["片长"])
    facts = {"name": "池店镇", "level": "street", "parent": east, "keeper": keepers["街长"]}
    street = create(SYSTEM, Grid(org=tree.township, **facts))
    change(SYSTEM, east, {"schools": [schools["S1"], schools["S2"]]})
    sign_in(client, a_user("bureau_safety", tree.county))
    for grid, keeper, figure in ((top, "县长", "3 所"), (east, "片长", "2 所"), (street, "街长", "2 所")):
        page = client.get(grid.get_absolute_url()).content.decode()
        assert keeper in page
        assert figure in page
    page = client.get(top.get_absolute_url()).content.decode()
    assert "陈埭中学" in page.split("不在唯一片区的学校")[1]
    assert schools["S1"].town == tree.township
    assert not reach(keepers["片长"]).covers(tree["S3"].path)
    change(SYSTEM, east, {"schools": [schools["S1"], schools["S3"]]})
    assert reach(keepers["片长"]).covers(tree["S3"].path)
    assert not reach(keepers["片长"]).covers(tree.sister_school.path)
    leave(SYSTEM, keepers["街长"])
    assert "没有责任人的网格" in client.get(top.get_absolute_url()).content.decode()


@pytest.mark.requirement("P.29")
def test_a_school_draws_its_grids_and_every_gap_is_listed(client, tree, person):
    member, deputy, foreign = person("王网格"), person("李副手"), person("外校人", "S2")
    top = create(SYSTEM, Grid(org=tree.school, name="池店一小", level="school", keeper=deputy))
    hall, canteen, yard = (
        create(SYSTEM, Place(org=tree.school, name=name, kind="building"))
        for name in ("教学楼", "食堂", "操场")
    )
    floors = [
        create(SYSTEM, Place(org=tree.school, name=name, kind="floor", parent=hall))
        for name in ("一层", "二层")
    ]
    sign_in(client, a_user("school_safety", tree.school))

    def draw(name: str, places: list[Place], **more):
        said = {
            "org": tree.school.pk,
            "name": name,
            "level": "campus",
            "parent": top.pk,
            "boundary": f"{name}全部",
        }
        return client.post("/base/grids/new", said | {"places": [place.pk for place in places]} | more)

    assert draw("东区", [floors[0], canteen], keeper=foreign.pk).status_code == 422
    assert not Grid.objects.unscoped().filter(level="campus").exists()
    assert draw("东区", [floors[0], canteen], keeper=member.pk, deputy=deputy.pk).status_code == 303
    refused = draw("西区", [canteen], keeper=deputy.pk)
    assert (refused.status_code, "食堂（东区）" in refused.content.decode()) == (422, True)
    assert draw("西区", [], keeper=deputy.pk).status_code == 303
    west = Grid.objects.unscoped().get(name="西区")
    west.places.add(canteen)  # from before the rule

    def gaps() -> str:
        return client.get(top.get_absolute_url()).content.decode().split("缺口", 1)[1]

    listed = gaps()
    assert re.search(r"食堂</a><span[^>]*> 同时在 2 个网格", listed)
    for name in ("操场", "二层"):
        assert re.search(rf"{name}</a><span[^>]*> 未划入网格", listed)
    assert "一层</a>" not in listed
    assert "没有责任人的网格" not in listed
    take_over(SYSTEM, west, [floors[1], yard, canteen])
    assert "没有缺口" in gaps()
    leave(SYSTEM, member)
    assert "东区" in gaps().split("没有责任人的网格")[1]
    assert "1 个没有责任人" in client.get("/base/grids/").content.decode()
    sign_in(client, a_user("upper_safety", tree.city))
    page = client.get(top.get_absolute_url()).content.decode()
    assert "东区" in page
    assert f"{top.get_absolute_url()}edit" not in page
