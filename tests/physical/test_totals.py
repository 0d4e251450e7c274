"""Physical protection of schools, and the four kinds of protection summed (SAF.44, SAF.52, SAF.53, P.28)."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.domains.fire.devices import Device as Extinguisher
from anlan.domains.guards.bodies import Body
from anlan.domains.guards.people import Guard
from anlan.domains.physical.facilities import Facility
from anlan.domains.site_security.devices import Device
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.registry.api import ledgers, number_of
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.guards.conftest import identity
from tests.site_security.conftest import line
from tests.upkeep.test_upkeep import on

TODAY, FACILITIES, TOTALS = date(2026, 10, 20), "/physical/facilities/", "/physical/totals/"


class Ground:
    """Two schools of a township, and the people concerned."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school, self.sister = self.tree.school, self.tree.sister_school
        for unit in (self.school, self.sister, self.tree["S3"]):
            create(SYSTEM, School(org=unit, name=unit.name, kind="primary", nature_id="school_nature.public"))
        self.safety = sign_in(Client(), a_user("school_safety", self.school))
        self.stranger = sign_in(Client(), a_user("school_safety", self.sister))
        self.person = a_user("bureau_safety", self.tree.county)
        self.bureau = sign_in(Client(), self.person)

    def facility(self, code: str, org: Any = None, **said: Any) -> Facility:
        """Bollards at the gate."""
        values = {"kind": "bollard", "place": "大门外", "quantity": 6, "installed_on": TODAY, **said}
        return create(SYSTEM, Facility(org=org or self.school, code=code, **values))


@pytest.fixture
def ground(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "files"
    with on(TODAY):
        yield Ground()


def shown(client: Client, query: str) -> str:
    """The page of totals."""
    answer = client.get(f"{TOTALS}?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def dispose(client: Client, url: str) -> None:
    """Scrap a thing and take it out of the ledger."""
    assert client.post(f"{url}move/scrap", {"fault": "拆除"}).status_code in (302, 303)
    assert client.post(f"{url}archive").status_code in (302, 303)


def opened(client: Client, page: str) -> int:
    """How many numbers of the page were held against the list they open; pieces are summed."""
    found = re.findall(r'href="(/(?:guards|fire|physical|site-security)/[^"]+\?[^"]+)"[^>]*>([\d,]+)<', page)
    for url, figure in found:
        path, _, query = unescape(url).partition("?")
        rows = client.get(f"/api{path}?{query}").json()["results"]
        summed = path == FACILITIES and "validity" not in query
        assert (sum(row["quantity"] for row in rows) if summed else len(rows)) == int(figure), url
    return len(found)


@pytest.mark.requirement("SAF.52")
def test_physical_protection_is_kept_by_the_school_and_counted(ground: Ground) -> None:
    school, client = ground.school, ground.safety
    sent = {"org": school.pk, "code": "WF-1", "kind": "bollard", "quantity": 6, "place": "大门外"}
    for wrong in ({"quantity": -1}, {"quantity": 0}, {"quantity": ""}, {"place": ""}, {"kind": "moat"},
                  {"installed_on": "2026-10-21"}):  # fmt: skip
        assert client.post(f"{FACILITIES}new", sent | wrong).status_code == 422, wrong
    assert not Facility.unguarded.exists()
    assert client.post(f"{FACILITIES}new", sent).status_code == 303
    assert client.post(f"{FACILITIES}new", sent).status_code in (409, 422), "the number is taken"
    row = Facility.unguarded.get()
    assert line(shown(client, ""), "物防 物防设施：防冲撞设施（隔离墩、升降柱、拒马）") == ["6", "0"]
    url = row.get_absolute_url()
    assert client.post(f"{url}edit", sent | {"quantity": -3, "version": row.version}).status_code == 422
    assert client.post(f"{url}edit", sent | {"quantity": 4, "version": row.version}).status_code == 303
    assert line(shown(client, "by=area"), school.name)[3] == "4"
    for tail in ("", "edit"):
        assert ground.stranger.get(f"{url}{tail}").status_code == 404
    assert ground.stranger.post(f"{url}archive").status_code == 404
    assert ground.bureau.get(url).status_code == 200
    dispose(client, url)
    assert Facility.unguarded.get().archived_at
    assert line(shown(client, "by=area"), school.name)[3] == "0"


@pytest.mark.requirement("SAF.53")
def test_technical_protection_is_kept_by_the_school_and_counted(ground: Ground) -> None:
    url, client = "/site-security/devices/", ground.safety
    sent = {"org": ground.school.pk, "code": "JK-1", "kind": "tech_device_kind.camera", "spot": "大门口"}
    assert client.post(f"{url}new", sent).status_code == 303
    assert client.post(f"{url}new", sent | {"spot": "操场"}).status_code in (409, 422), "the number is taken"
    assert (
        client.post(f"{url}new", sent | {"code": "BJ-1", "kind": "tech_device_kind.panic_button"}).status_code
        == 303
    )
    assert line(shown(client, "by=area"), ground.school.name)[-1] == "2"
    camera = Device.unguarded.get(code="JK-1")
    at = camera.get_absolute_url()
    assert client.post(f"{at}edit", sent | {"spot": "西门口", "version": camera.version}).status_code == 303
    assert Device.unguarded.get(pk=camera.pk).spot == "西门口"
    for tail in ("", "edit"):
        assert ground.stranger.get(f"{at}{tail}").status_code == 404
    dispose(client, at)
    assert line(shown(client, "by=area"), ground.school.name)[-1] == "1"


@pytest.mark.requirement("SAF.44")
def test_four_groups_equal_their_ledgers_and_the_area_is_the_sum_of_its_schools(ground: Ground) -> None:
    for number, unit in enumerate((ground.school, ground.sister, ground.tree["S3"]), 1):
        body = create(SYSTEM, Body(org=unit, kind="office", name="保卫科"))
        for one in range(number):
            said = {"name": f"保安{number}{one}", "identity": identity(10 * number + one), "joined_on": TODAY}
            create(SYSTEM, Guard(org=unit, body=body, **said))
        create(
            SYSTEM, Extinguisher(org=unit, code="MH-1", kind="powder", place="东", made_on=date(2015, 1, 5))
        )
        ground.facility("WF-1", unit, quantity=number)
        create(SYSTEM, Device(org=unit, code="JK-1", kind_id="tech_device_kind.camera", spot="大门口"))
    page = shown(ground.bureau, "by=school")
    schools = [line(page, unit.name) for unit in (ground.school, ground.sister, ground.tree["S3"])]
    assert schools == [["1", str(n), "1", str(n), "0", "1"] for n in (1, 2, 3)]
    summed = [str(sum(map(int, column))) for column in zip(*schools, strict=True)]
    assert line(page, "合计") == summed == ["3", "6", "3", "6", "0", "3"]
    towns = shown(ground.bureau, f"by=area&area={ground.tree.county.pk}")
    assert line(towns, ground.tree.township.name) == ["2", "3", "2", "3", "0", "2"]
    counted = ("guards.bodies", "guards.guards", "fire.devices", "site_security.devices")
    assert [number_of(ledgers[code], ground.person, "") for code in counted] == [3, 6, 3, 3]
    for by in ("area", "school", "kind", "late"):
        assert opened(ground.bureau, shown(ground.bureau, f"by={by}")) > 3, by
    own = shown(ground.safety, "by=school")
    assert line(own, "合计") == schools[0]
    assert f"{ground.sister}</a>" not in own
    assert ground.safety.get(f"{TOTALS}?area={ground.sister.pk}").status_code == 404
    assert ground.safety.get(f"{TOTALS}?area={ground.tree.county.pk}").status_code == 404
    assert "保安" in ground.bureau.get(f"{TOTALS}?by=kind&export=csv").content.decode("utf-8-sig")


@pytest.mark.requirement("P.28")
def test_resources_sum_by_kind_and_area_and_an_overdue_check_is_listed(ground: Ground) -> None:
    keeper = create(SYSTEM, Person(org=ground.school, name="王保管"))
    ground.facility("WF-1", keeper=keeper)
    ground.facility("WF-2", installed_on=TODAY - timedelta(days=200), quantity=2)
    ground.facility("WF-1", ground.sister, quantity=5)
    ground.facility("WF-2", ground.sister, kind="safe", place="财务室", quantity=1)
    page = shown(ground.bureau, "by=kind")
    assert line(page, "物防 物防设施：防冲撞设施") == ["13", "1"]
    assert line(page, "物防 物防设施：保险柜") == ["1", "0"]
    sisters = shown(ground.bureau, f"by=kind&area={ground.sister.pk}")
    assert line(sisters, "物防 物防设施：防冲撞设施") == ["5", "0"]
    assert opened(ground.bureau, page) == 4
    sent = {"org": ground.school.pk, "code": "WF-2", "kind": "safe", "quantity": 1, "place": "财务室"}
    assert ground.safety.post(f"{FACILITIES}new", sent).status_code in (409, 422), "the number is taken"
    late = shown(ground.bureau, "by=late")
    assert f"{ground.school}</a>" in late
    assert f"{ground.sister}</a>" not in late, "nothing overdue"
    row = Facility.unguarded.get(org=ground.school, code="WF-2")
    assert [
        one["code"] for one in ground.bureau.get(f"/api{FACILITIES}?validity=expired").json()["results"]
    ] == ["WF-2"]
    told = {"check_code": "check", "day": TODAY.isoformat(), "passed": "1"}
    assert ground.safety.post(f"{row.get_absolute_url()}act/checking", told).status_code == 303
    assert f"{ground.school}</a>" not in shown(ground.bureau, "by=late")
    page = ground.bureau.get(Facility.unguarded.get(keeper=keeper).get_absolute_url()).content.decode()
    for words in ("王保管", "大门外", "在用", f"{clock.today() + timedelta(days=92):%Y-%m-%d}"):
        assert words in page, words
