"""Rooms of keepers: every building has one and somebody who answers for it; day schools need none (N2.05)."""

from typing import Any

import pytest
import yaml
from django.test import Client

from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.domains.dormitory.buildings import Building
from anlan.domains.dormitory.keepers import Keeper
from anlan.domains.site_security.laying_out import begin
from anlan.domains.site_security.loading import load_edition
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import Statement
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Rejected
from tests.dormitory.conftest import House
from tests.factories import sign_in

URL = "/dormitory/buildings/"


def asked(house: House, unit: OrgUnit) -> Statement:
    """The unit's statement about rooms of keepers."""
    return Statement.unguarded.select_related("survey").get(org=unit, requirement__code="W07")


def unready(house: House) -> set[str]:
    """Buildings the bureau sees listed."""
    rows = sign_in(Client(), house.bureau).get(f"/api{URL}?unready=1").json()["results"]
    return {row["name"] for row in rows}


@pytest.mark.requirement("N2.05")
def test_each_building_has_its_room_and_keeper_and_only_a_day_school_is_exempt(house: House) -> None:
    day, boarding = house.tree.sister_school, house.school
    said: dict[str, Any] = {"kind": "primary", "nature_id": "school_nature.public", "pupils": 300}
    create(SYSTEM, School(org=day, name=day.name, **said))
    school = create(SYSTEM, School(org=boarding, name=boarding.name, boarders=40, **said))
    data = yaml.safe_load((SEEDS / "gbt29315_site_requirements.yaml").read_text(encoding="utf-8"))
    edition = load_edition(SYSTEM, house.tree.county, data)
    for unit in (day, boarding):
        begin(SYSTEM, unit, edition)
    assert asked(house, day).result == "na", "exempt by itself"
    assert asked(house, boarding).result == "not_met"

    woman, man = house.person("女宿管", "2"), house.person("男宿管")
    keepers = [house.own(Keeper, person=person) for person in (woman, man)]
    client = sign_in(Client(), house.safety)
    assert unready(house) == {"1号楼", "2号楼"}
    for building, warden, answer in (
        (house.girls, keepers[1], 422), (house.girls, keepers[0], 303), (house.boys, keepers[1], 303),
    ):  # fmt: skip
        row = Building.unguarded.get(pk=building.pk)
        body = {
            "org": boarding.pk,
            "name": row.name,
            "sex": row.sex,
            "office": "一层东侧",
            "version": row.version,
        }
        assert client.post(f"{URL}{row.pk}/edit", body | {"warden": warden.pk}).status_code == answer
    assert unready(house) == set()
    row, officer = asked(house, boarding), Actor.person(house.safety, "web")
    assert row.result == "unfilled", "whether there is gear the school states itself"
    state(officer, row.survey, {row.pk: Said("met", device="防卫器械 6 件")})
    assert asked(house, boarding).result == "met"
    change(SYSTEM, Building.unguarded.get(pk=house.girls.pk), {"office": ""})
    assert unready(house) == {"2号楼"}
    assert asked(house, boarding).result == "not_met"

    with pytest.raises(Rejected, match="住校生"):
        state(officer, row.survey, {row.pk: Said("na", note="走读学校")})
    house.settled(house.room(house.boys), "001")
    profile = School.unguarded.get(pk=school.pk)
    with pytest.raises(Rejected, match="走读"):
        change(SYSTEM, profile, {"boarders": 0})
    assert School.unguarded.get(pk=school.pk).boarders == 40
