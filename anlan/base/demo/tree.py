"""The demo tree: a fictional province, city and county with towns, a neighbour, a university, agencies."""

from datetime import date

from anlan.base.calendar import Term, load_holidays
from anlan.base.demo.geography import county_sketch, town_rings
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.divisions import load_divisions
from anlan.base.outlines import keep_outline
from anlan.engines.audit.api import create_all
from anlan.engines.org.api import Kind, OrgUnit

TOWNS = list(town_rings())
DIVISIONS = [
    ("59", "东江省", ""),
    ("5905", "安平市", "59"),
    ("590522", "澜江县", "5905"),
    ("590523", "青屏县", "5905"),
]
UNITS = [
    ("province", "590000", "东江省教育厅", Kind.PROVINCE, ""),
    ("city", "590500", "安平市教育局", Kind.CITY, "province"),
    ("county", "590522", "澜江县教育局", Kind.COUNTY, "city"),
    ("neighbour", "590523", "青屏县教育局", Kind.COUNTY, "city"),
    ("university", "4159010001", "东江师范学院", Kind.UNIVERSITY, "province"),
    ("college_a", "4159010001-01", "教育科学学院", Kind.COLLEGE, "university"),
    ("college_b", "4159010001-02", "信息工程学院", Kind.COLLEGE, "university"),
    ("department", "4159010001-91", "保卫处", Kind.DEPARTMENT, "university"),
    ("city_police", "590500-GA", "安平市公安局", Kind.AGENCY, "city"),
    ("police", "590522-GA", "澜江县公安局", Kind.AGENCY, "county"),
    ("fire", "590522-XF", "澜江县消防救援大队", Kind.AGENCY, "county"),
    ("health", "590522-WJ", "澜江县卫生健康局", Kind.AGENCY, "county"),
]


def town_code(place: int) -> str:
    """Nine digits: subdistricts count from 001, towns from 101."""
    return f"590522{1 if place == 0 else 100 + place:03d}"


@demo_step("base.tree", "机构和区划")
def load_tree(world: World) -> None:
    """Divisions and units, parents first."""
    rows = DIVISIONS + [(town_code(place), name, "590522") for place, name in enumerate(TOWNS)]
    rows.append(("590523101", "竹溪镇", "590523"))
    load_divisions(
        [{"code": code, "name": name, "parent": above, "kind": "demo"} for code, name, above in rows],
        "演示数据（虚构）",
        "demo",
    )
    for key, code, name, kind, parent in UNITS:
        world.units[key] = _unit(world, code, name, kind, parent)
    for place, name in enumerate(TOWNS):
        world.units[name] = _unit(
            world, town_code(place), f"{name}教委办", Kind.TOWNSHIP, "county", short=name
        )
    world.units["竹溪镇"] = _unit(
        world, "590523101", "竹溪镇教委办", Kind.TOWNSHIP, "neighbour", short="竹溪镇"
    )
    keep_outline(world.units["county"], county_sketch(), "示意图（虚构），不作为划界依据")


def _unit(world: World, code: str, name: str, kind: str, parent: str, *, short: str = "") -> OrgUnit:
    above = world.units.get(parent)
    return OrgUnit.objects.create(code=code, name=name, kind=kind, parent=above, short_name=short)


@demo_step("base.calendar", "校历")
def load_calendar(world: World) -> None:
    """Holidays at the province, terms at the county, three years back to the present one."""
    load_holidays(LOADER, world.units["province"])
    year = world.today.year
    terms = []
    for start in range(year - 3, year + 1):
        spans = [
            (1, "第一学期", (start, 9, 1), (start + 1, 1, 20)),
            (2, "第二学期", (start + 1, 2, 20), (start + 1, 7, 5)),
        ]
        terms += [
            Term(
                org=world.units["county"],
                code=f"{start}-{number}",
                name=f"{start}–{start + 1}学年{name}",
                first=date(*first),
                last=date(*last),
            )
            for number, name, first, last in spans
        ]
    create_all(LOADER, terms)
