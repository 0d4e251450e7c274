"""Key places of the demo county: every school under the edition of 2012, most of it filled in and looked at."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.domains.site_security.building import Price
from anlan.domains.site_security.editions import EditionChoice, LocationKind, Requirement
from anlan.domains.site_security.loading import load_file
from anlan.domains.site_security.surveys import KeyPlace, Statement, Survey
from anlan.engines.audit.api import create, create_all
from anlan.engines.workflow.api import renew_todos

SEED = SEEDS / "gbt29315_site_requirements.yaml"
PRICES = {"L01-1": 4800, "L02-2": 12000, "L03-1": 5200, "L03-3": 18000, "L04-1": 1500, "L05-1": 4800, "L06-1": 4200,
          "L07-1": 4200, "L07-2": 9000, "L08-1": 4200, "L08-2": 4200, "L09-2": 3600, "L09-3": 4200, "L10-2": 3600,
          "L11-2": 3600, "L12-2": 1500, "L12-5": 4200, "L13-1": 15000, "W08": 6000}  # fmt: skip
NAMES = {
    "L03": ["正大门", "北门"],
    "L06": ["教学楼主入口"],
    "L05": ["操场"],
    "L12": ["监控室"],
    "L04": ["门卫室"],
}
STATES = ["filling", "submitted", "confirmed", "confirmed", "confirmed", "confirmed", "returned"]


@demo_step("site_security.surveys", "重点部位防护", order=30)
def load_surveys(world: World) -> None:
    """One survey to a school; the state decides how much of it is filled in."""
    county = world.units["county"]
    edition = load_file(LOADER, county, SEED)
    since = world.today - timedelta(days=200)
    create(LOADER, EditionChoice(org=county, edition=edition, since=since))
    requirements = list(edition.requirements.select_related("kind"))
    by_code = {row.code: row for row in requirements}
    create_all(
        LOADER,
        [
            Price(
                org=county, requirement=by_code[code], equipment=by_code[code].text[:20], amount=Decimal(yuan)
            )
            for code, yuan in PRICES.items()
        ],
    )
    surveys = [_survey(world, school, edition) for school in world.schools]
    create_all(LOADER, surveys, action="load")
    kinds = list(edition.kinds.filter(general=False))
    places = [place for school, survey in zip(world.schools, surveys, strict=True)
              for place in _places(world, school, survey, kinds)]  # fmt: skip
    create_all(LOADER, places, action="load")
    at: dict[tuple[int, int], list[KeyPlace]] = {}
    for place in places:
        at.setdefault((place.survey_id, place.kind_id), []).append(place)
    rows = [row for school, survey in zip(world.schools, surveys, strict=True)
            for row in _statements(world, school, survey, requirements, at)]  # fmt: skip
    Statement.objects.bulk_create(rows, batch_size=1000)
    for survey in surveys:
        if survey.open:
            renew_todos(survey)


def _survey(world: World, school: School, edition: Any) -> Survey:
    return Survey(org=school.org, edition=edition, state=world.rng.choice(STATES))


def _places(world: World, school: School, survey: Survey, kinds: list[LocationKind]) -> list[KeyPlace]:
    has = {"has_dormitory": bool(school.boarders), "has_canteen": school.has_canteen}
    has["has_hazmat_or_lab"] = school.kind != "kindergarten"
    found = []
    for kind in kinds:
        if survey.state == "filling" and world.rng.random() < 0.2:
            continue
        if not has.get(kind.condition, True):
            reason = "本校没有这类部位"
            found.append(
                KeyPlace(org=school.org, survey=survey, kind=kind, name="不适用", absent=True, reason=reason)
            )
            continue
        names = NAMES.get(kind.code, [kind.title[:20]])
        for name in names[: 2 if school.pupils > 2000 else 1]:
            keeper = next(iter(world.staff.get(school.org_id, ())), None) if kind.kept else None
            found.append(KeyPlace(org=school.org, survey=survey, kind=kind, name=name, keeper=keeper))
    return found


def _statements(
    world: World,
    school: School,
    survey: Survey,
    requirements: list[Requirement],
    at: dict[tuple[int, int], list[KeyPlace]],
) -> list[Statement]:
    rows: list[Statement] = []
    for requirement in requirements:
        if not requirement.applies_to(school.kind):
            continue
        places: list[Any] = at.get((survey.pk, requirement.kind_id), [None])
        rows += [
            _statement(world, survey, requirement, place)
            for place in places
            if place is None or not place.absent
        ]
    return rows


def _statement(world: World, survey: Survey, requirement: Requirement, place: KeyPlace | None) -> Statement:
    row = Statement(
        org=survey.org, survey=survey, edition_id=survey.edition_id, kind=requirement.kind, place=place,
        requirement=requirement, level=requirement.level, measure=requirement.measure,
    )  # fmt: skip
    waits = place is None and not requirement.kind.general
    if waits or (survey.state == "filling" and world.rng.random() < 0.5):
        return row
    odds = 0.9 if requirement.level == "must" else 0.55
    chance = world.rng.random()
    row.verdict = "met" if chance < odds else ("partly" if chance < odds + 0.04 else "not_met")
    if row.verdict == "met":
        row.device = f"{requirement.code}-{world.rng.randint(1, 40):02d} 号"
    if (bound := requirement.bound) is not None:
        row.verdict = "met" if row.verdict == "met" else "not_met"
        step = Decimal("-0.1") if requirement.op == ">=" else Decimal(1)
        row.value = bound if row.verdict == "met" else bound + step
    if survey.state == "confirmed":
        row.checked = "not_met" if row.verdict == "met" and world.rng.random() < 0.01 else row.verdict
        row.checked_note = "现场未见设备" if row.checked != row.verdict else ""
    row.result = row.outcome
    return row
