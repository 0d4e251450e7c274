"""Places with keepers, checks and patrols; places beyond the kinds of the standard."""

from typing import Any

import pytest

from anlan.base.people import Person
from anlan.base.spot_checks import SpotCheck
from anlan.domains.patrols.routes import Point, Route
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import KeyPlace, Statement
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.kernel import clock
from tests.factories import a_user
from tests.site_security.conftest import Ground, line, web

pytestmark = pytest.mark.django_db
PLACES, STATEMENTS = "/site-security/places/", "/site-security/statements/"


def set_up(ground: Ground, code: str, **said: Any) -> int:
    """What the browser is answered when the officer sets up a place."""
    body = {"kind": ground.kind(code).pk, "name": "部位", **said}
    return web(ground.officer).post(f"{ground.survey().get_absolute_url()}act/set_up", body).status_code


def looked_at(ground: Ground, place: KeyPlace) -> SpotCheck:
    """A guard answers the checklist of a place."""
    guard = web(Actor.person(a_user("guard", ground.tree.school), "web"))
    now = clock.now().astimezone(clock.zone())
    said = {f"d{number}": "pass" for number in range(4)} | {"at": f"{now:%Y-%m-%dT%H:%M}"}
    assert guard.post(f"{place.get_absolute_url()}act/look_at", said).status_code == 303
    return SpotCheck.unguarded.get(object_id=place.pk)


def summary(ground: Ground) -> str:
    """The survey as the bureau sees it."""
    return web(ground.bureau).get(ground.survey().get_absolute_url()).content.decode()


def listed(ground: Ground, query: str) -> set[str]:
    """Numbers of the requirements the bureau's list shows."""
    url = f"/api{STATEMENTS}?org={ground.tree.school.pk}&{query}"
    keys = [row["id"] for row in web(ground.bureau).get(url).json()["results"]]
    return {row.requirement.code for row in Statement.unguarded.filter(pk__in=keys)}


@pytest.mark.requirement("N1.16")
def test_stores_laboratories_and_plant_rooms_are_kept_checked_and_fully_protected(ground: Ground) -> None:
    survey = ground.survey()
    keeper = create(SYSTEM, Person(org=survey.org, name="何老师"))
    other = create(SYSTEM, Person(org=ground.tree.sister_school, name="外校"))
    for code in ("L09", "L10", "L11"):
        assert set_up(ground, code) == 422, "no keeper"
        assert set_up(ground, code, keeper=other.pk) == 422
        assert set_up(ground, code, keeper=keeper.pk) == 303
        of_kind = {(row.measure, row.level) for row in ground.rows(survey, code)}
        level = "should" if code == "L11" else "must"
        assert of_kind >= {("physical", "must"), ("intrusion", level)}
        assert (("video", "must") in of_kind) == (code != "L11")
    for kind in {row.kind for row in ground.rows(survey)}:
        if not kind.general and not KeyPlace.unguarded.filter(kind=kind).exists():
            ground.place(ground.officer, survey, kind)
    ground.fill(ground.officer, survey)
    assert "不达标" not in summary(ground)
    lab = {row.measure: row for row in ground.rows(survey, "L09")}
    for measure in ("physical", "intrusion", "video"):
        state(ground.officer, survey, {lab[measure].pk: Said("not_met")})
        assert "不达标，1 项应达未达" in summary(ground)
        assert listed(ground, "level=must&result=not_met") == {lab[measure].requirement.code}
        state(ground.officer, survey, {lab[measure].pk: Said("met", device="1 号")})
    plant = next(row for row in ground.rows(survey, "L11") if row.measure == "intrusion")
    state(ground.officer, survey, {plant.pk: Said("not_met")})
    assert "不达标" not in summary(ground)
    assert listed(ground, "level=should&result=not_met") == {plant.requirement.code}
    place = plant.place
    assert place is not None
    assert "何老师" in web(ground.bureau).get(place.get_absolute_url()).content.decode()
    assert looked_at(ground, place).passed
    unlooked = {row["id"] for row in web(ground.bureau).get(f"/api{PLACES}?unlooked=1").json()["results"]}
    assert place.pk not in unlooked
    assert lab["video"].place_id in unlooked
    new = create(SYSTEM, Person(org=survey.org, name="新保管"))
    act = f"{place.get_absolute_url()}act/change_keeper"
    assert web(ground.officer).post(act, {"keeper": ""}).status_code == 422
    assert web(ground.officer).post(act, {"keeper": new.pk}).status_code == 303
    assert KeyPlace.unguarded.get(pk=place.pk).keeper == new


@pytest.mark.requirement("N1.20")
def test_a_place_beyond_the_kinds_has_a_reason_and_measures_and_is_checked_and_patrolled(
    ground: Ground,
) -> None:
    survey, officer = ground.survey(), web(ground.officer)
    full = {"name": "后山小路", "reason": "夜间常有外人翻越", "measures": ["video", "patrol"]}
    for wrong in ({"reason": ""}, {"reason": "  "}, {"measures": []}, {"measures": ["moat"]}):
        assert set_up(ground, "L14", **full | wrong) == 422, wrong
    assert not KeyPlace.unguarded.exists()
    assert set_up(ground, "L14", **full) == 303
    assert set_up(ground, "L14", **full | {"name": "旧仓库"}) == 303
    assert set_up(ground, "L13", **full) == 422, "the other general kind has no places"
    assert set_up(ground, "L05", name="操场") == 303
    place = KeyPlace.unguarded.get(name="后山小路")
    shown = officer.get(place.get_absolute_url()).content.decode()
    assert all(words in shown for words in ("夜间常有外人翻越", "视频监控、电子巡查"))
    apart = {row["id"] for row in web(ground.bureau).get(f"/api{PLACES}?further=1").json()["results"]}
    assert apart == set(KeyPlace.unguarded.filter(kind__code="L14").values_list("pk", flat=True))
    assert len(apart) == 2
    counted = (
        web(ground.bureau).get(f"/site-security/compliance/?by=kind&area={survey.org_id}").content.decode()
    )
    assert line(counted, "其他部位和区域")[3:5] == ["0", "2"]
    assert line(counted, "室外人员集中活动区域")[4] == "1"
    assert looked_at(ground, place).passed
    route = create(SYSTEM, Route(org=survey.org, name="夜间巡查", begins_at="18:00", ends_at="22:00"))
    foreign = create(
        SYSTEM, Route(org=ground.tree.sister_school, name="外校", begins_at="18:00", ends_at="22:00")
    )
    act = f"{place.get_absolute_url()}act/onto_route"
    assert officer.post(act, {"route": foreign.pk}).status_code == 422
    assert officer.post(act, {"route": route.pk}).status_code == 303
    point = Point.unguarded.get()
    assert (point.route, point.number, point.name) == (route, 1, "后山小路")
    assert web(ground.stranger).get(place.get_absolute_url()).status_code == 404
