"""Teams, grids, places and labels of the demo county."""

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.demo.tree import TOWNS
from anlan.base.derived_grants import derive_many
from anlan.base.grids import Grid, GridLevel
from anlan.base.grids import wanted_grants as grid_grants
from anlan.base.places import Place, PlaceKind
from anlan.base.schools import School, SchoolKind
from anlan.base.tags import SchoolTag
from anlan.base.teams import TeamMember
from anlan.base.teams import wanted_grants as member_grants
from anlan.engines.audit.api import create_all

AREAS = {"中片区": TOWNS[:1], "东片区": TOWNS[1:5], "西片区": TOWNS[5:9], "南片区": TOWNS[9:]}
TAGS = ["寄宿制", "临水临崖", "大班额", "交通要道旁", "食堂承包"]
BUILDINGS = ["教学楼", "综合楼", "食堂", "宿舍楼", "操场", "校门"]


@demo_step("base.team", "安全小组")
def load_team(world: World) -> None:
    """Two administrators, twelve inspectors with their share of the schools; two may not raise hazards."""
    county = world.units["county"]
    members = [
        TeamMember(
            org=county,
            person=world.people[name],
            is_admin=name.startswith("team"),
            may_raise_hazards=name not in ("inspector11", "inspector12"),
        )
        for name in ["team1", "team2", *[f"inspector{place}" for place in range(1, 13)]]
    ]
    create_all(LOADER, members)
    inspectors = [member for member in members if not member.is_admin]
    link = TeamMember.schools.through
    link.objects.bulk_create(
        [
            link(teammember_id=inspectors[place % len(inspectors)].pk, school_id=school.pk)
            for place, school in enumerate(sorted(world.schools, key=lambda school: str(school.town)))
        ],
        batch_size=500,
    )
    derive_many((member, member.person.account, member_grants(member)) for member in members)


@demo_step("base.grids", "网格")
def load_grids(world: World) -> None:
    """The county, four areas, and the streets; one street is left without a keeper to show a gap."""
    county = world.units["county"]
    top = Grid(org=county, name="澜江县", level=GridLevel.DISTRICT, keeper=world.people["leader"])
    create_all(LOADER, [top])
    areas = [
        Grid(
            org=county,
            name=name,
            level=GridLevel.AREA,
            parent=top,
            boundary="、".join(towns),
            keeper=world.people[f"inspector{place}"],
        )
        for place, (name, towns) in enumerate(AREAS.items(), 1)
    ]
    create_all(LOADER, areas)
    streets = [
        Grid(
            org=world.units[town],
            name=town,
            level=GridLevel.STREET,
            parent=area,
            keeper=world.people[f"town{TOWNS.index(town) + 1}"] if town != TOWNS[-1] else None,
        )
        for area, towns in zip(areas, AREAS.values(), strict=True)
        for town in towns
    ]
    create_all(LOADER, streets)
    area_of = {town: area for area, towns in zip(areas, AREAS.values(), strict=True) for town in towns}
    link = Grid.schools.through
    link.objects.bulk_create(
        [link(grid_id=area_of[str(school.town)].pk, school_id=school.pk) for school in world.schools[:-1]],
        batch_size=500,
    )
    derive_many(
        (grid, grid.keeper and grid.keeper.account, grid_grants(grid)) for grid in [top, *areas, *streets]
    )


def _buildings(school: School) -> list[str]:
    missing = set()
    if not school.has_canteen:
        missing.add("食堂")
    if not school.boarders:
        missing.add("宿舍楼")
    if school.kind == SchoolKind.KINDERGARTEN:
        missing |= {"综合楼"}
    return [name for name in BUILDINGS if name not in missing]


@demo_step("base.places", "校内场所和标签")
def load_places(world: World) -> None:
    """Buildings and yards of every school, and labels on some schools."""
    create_all(
        LOADER,
        [
            Place(
                org=school.org,
                name=name,
                kind=PlaceKind.AREA if name in ("操场", "校门") else PlaceKind.BUILDING,
            )
            for school in world.schools
            for name in _buildings(school)
        ],
    )
    tags = create_all(LOADER, [SchoolTag(org=world.units["county"], name=name) for name in TAGS])
    link = School.tags.through
    link.objects.bulk_create(
        [
            link(school_id=school.pk, schooltag_id=tag.pk)
            for school in world.schools
            for tag in tags
            if (school.boarders if tag.name == "寄宿制" else world.rng.random() < 0.06)
        ],
        batch_size=500,
    )
