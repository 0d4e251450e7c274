"""About three hundred invented schools with plausible figures, and a few next door to prove scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from anlan.base.demo.geography import point_in
from anlan.base.demo.names import once, words
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.demo.tree import TOWNS
from anlan.base.schools import CoordinateSystem, School, SchoolKind
from anlan.engines.audit.api import create_all
from anlan.engines.org.api import Kind, OrgUnit

K = SchoolKind
PREFIX = {K.KINDERGARTEN: "11", K.PRIMARY: "21", K.JUNIOR: "31", K.NINE_YEAR: "31", K.COMPLETE: "34"}
PREFIX |= {K.SENIOR: "34", K.TWELVE_YEAR: "34", K.VOCATIONAL: "36", K.SPECIAL: "51"}
SIZE = {K.KINDERGARTEN: (3, 14, 24), K.PRIMARY: (6, 30, 38), K.JUNIOR: (6, 30, 42), K.NINE_YEAR: (12, 36, 40)}
SIZE |= {K.COMPLETE: (24, 48, 46), K.SENIOR: (30, 60, 48), K.TWELVE_YEAR: (36, 60, 40)}
SIZE |= {K.VOCATIONAL: (20, 50, 36), K.SPECIAL: (6, 10, 11)}
COUNTY_RUN = [
    ("澜江县第一中学", K.SENIOR),
    ("澜江县第二中学", K.SENIOR),
    ("澜江县第三中学", K.COMPLETE),
    ("澜江县第四中学", K.COMPLETE),
    ("澜江县第五中学", K.COMPLETE),
    ("澜江县实验初级中学", K.JUNIOR),
    ("澜江县职业技术学校", K.VOCATIONAL),
    ("澜江县特殊教育学校", K.SPECIAL),
    ("澜江县实验小学", K.PRIMARY),
    ("澜江县第二实验小学", K.PRIMARY),
    ("澜江县第一实验幼儿园", K.KINDERGARTEN),
    ("澜江县第二实验幼儿园", K.KINDERGARTEN),
]
SHARES = [(K.KINDERGARTEN, 8), (K.PRIMARY, 10), (K.JUNIOR, 2), (K.NINE_YEAR, 1)]


@dataclass(frozen=True)
class Draft:
    """A school before it has a code."""

    name: str
    kind: SchoolKind
    parent: OrgUnit
    town: str
    nature: str = "public"
    direct: bool = False


def _village_names(town: str, suffix: str, rng: Random) -> Iterator[str]:
    stem = town.removesuffix("镇").removesuffix("街道")
    while True:
        yield f"{stem}{rng.choice(words('villages'))}{suffix}"


def _private_names(town: str, rng: Random) -> Iterator[str]:
    stem = town.removesuffix("镇").removesuffix("街道")
    while True:
        yield f"{stem}{rng.choice(words('kindergartens'))}幼儿园"


def _town_drafts(world: World, town: str, taken: set[str]) -> Iterator[Draft]:
    rng, unit = world.rng, world.units[town]
    stem = town.removesuffix("镇").removesuffix("街道")
    scale = 2 if town == "城关街道" else 1
    yield Draft(f"{stem}中心小学", K.PRIMARY, unit, town)
    yield Draft(f"{stem}中心幼儿园", K.KINDERGARTEN, unit, town)
    yield Draft(f"{stem}中学", K.JUNIOR, unit, town)
    suffixes = {K.PRIMARY: "小学", K.JUNIOR: "初级中学", K.NINE_YEAR: "学校"}
    for kind, share in SHARES:
        for _ in range(share * scale - (kind == K.JUNIOR)):
            if kind == K.KINDERGARTEN and rng.random() < 0.62:
                nature = rng.choice(("private_inclusive", "private_inclusive", "private"))
                yield Draft(once(_private_names(town, rng), taken), kind, unit, town, nature)
            else:
                name = once(_village_names(town, suffixes.get(kind, "幼儿园"), rng), taken)
                yield Draft(name, kind, unit, town, "private" if rng.random() < 0.03 else "public")


def _drafts(world: World) -> Iterator[Draft]:
    taken: set[str] = set()
    for name, kind in COUNTY_RUN:
        yield Draft(name, kind, world.units["county"], "城关街道")
    yield Draft("澜江县明德外国语学校", K.TWELVE_YEAR, world.units["county"], "城关街道", "private")
    yield Draft("澜江县崇文双语学校", K.NINE_YEAR, world.units["county"], "城关街道", "private")
    for town in TOWNS:
        yield from _town_drafts(world, town, taken)


def _elsewhere(world: World) -> Iterator[Draft]:
    near = world.units["竹溪镇"]
    for stem, kind in [
        ("中心小学", K.PRIMARY),
        ("溪头小学", K.PRIMARY),
        ("中学", K.JUNIOR),
        ("中心幼儿园", K.KINDERGARTEN),
    ]:
        yield Draft(f"竹溪{stem}", kind, near, "竹溪镇")
    yield Draft("青屏县第一中学", K.SENIOR, world.units["neighbour"], "竹溪镇")
    for name, kind in [
        ("安平市第一中学", K.SENIOR),
        ("安平市实验小学", K.PRIMARY),
        ("安平市机关幼儿园", K.KINDERGARTEN),
    ]:
        yield Draft(name, kind, world.units["city"], "", direct=True)


def _school(world: World, unit: OrgUnit, draft: Draft) -> School:
    rng = world.rng
    low, high, per_class = SIZE[draft.kind]
    village = draft.parent.kind == Kind.TOWNSHIP and "中心" not in draft.name and draft.town != "城关街道"
    classes = rng.randint(low, (low * 2 + high) // 3 if village else high)
    pupils = sum(rng.randint(int(per_class * 0.6), per_class) for _ in range(classes))
    boards = draft.kind in (K.SENIOR, K.COMPLETE, K.VOCATIONAL, K.TWELVE_YEAR) or (
        draft.kind in (K.JUNIOR, K.NINE_YEAR) and rng.random() < 0.6
    )
    teachers = max(classes * 2 if draft.kind != K.PRIMARY else classes, pupils // 15)
    lon, lat = point_in(draft.town, rng) if draft.town in TOWNS else (None, None)
    stem = draft.town or "安平市"
    school = School(
        org=unit,
        name=draft.name,
        code=unit.code,
        kind=draft.kind,
        nature_id=f"school_nature.{draft.nature}",
        sponsor_id="school_sponsor." + ("831" if draft.nature == "public" else "999"),
        urban_rural_id="urban_rural." + ("111" if not village else rng.choice(("121", "210", "220"))),
        town=world.units.get(draft.town),
        address=f"{stem}{rng.choice(words('villages'))}路{rng.randint(1, 188)}号",
        longitude=lon,
        latitude=lat,
        coordinate_system=CoordinateSystem.SKETCH,
        founded_on=date(rng.randint(1952, 2021), 9, 1),
        office_phone=f"0590-0{rng.randint(100000, 999999)}",
        pupils=pupils,
        classes=classes,
        boarders=int(pupils * rng.uniform(0.3, 0.8)) if boards else 0,
        staff=teachers + rng.randint(2, 8) + classes // 4,
        teachers=teachers,
        guards=max(1, min(8, pupils // 300 + 1)),
        site_area=pupils * rng.randint(14, 30),
        floor_area=pupils * rng.randint(6, 12),
        has_canteen=boards or draft.kind == K.KINDERGARTEN or rng.random() < 0.5,
        has_bus=draft.nature != "public" and rng.random() < 0.4,
    )
    school.prepare()
    return school


def _store(world: World, drafts: list[Draft], first: int) -> list[School]:
    units = []
    for number, draft in enumerate(drafts, first):
        code = f"{PREFIX[draft.kind]}59{number:06d}"
        path = f"{draft.parent.path}{code}/"
        units.append(
            OrgUnit(
                code=code,
                name=draft.name,
                kind=Kind.SCHOOL,
                parent=draft.parent,
                path=path,
                direct=draft.direct,
            )
        )
    OrgUnit.objects.bulk_create(units, batch_size=500)
    return create_all(
        LOADER, [_school(world, unit, draft) for unit, draft in zip(units, drafts, strict=True)]
    )


@demo_step("base.schools", "学校")
def load_schools(world: World) -> None:
    """The county's schools, then those next door and the city's own."""
    world.schools = _store(world, list(_drafts(world)), 1)
    world.others = _store(world, list(_elsewhere(world)), 9001)
