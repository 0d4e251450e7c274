"""Hazards shared with the county's fire brigade: what its liaison sees, may say, and cannot reach (P.03)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, create
from anlan.engines.files.api import attach
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import Kind, OrgUnit, Share
from anlan.kernel import clock
from tests.files.making import a_picture, upload
from tests.safety.conftest import County

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "/base/schools/",
    "/base/people/",
    "/safety/rectifications/",
    "/safety/inspections/",
    "/api/base/schools/",
    "/safety/hazards/export",
    "/accounts/",
)


@pytest.fixture
def brigades(county: County) -> dict[str, OrgUnit]:
    """Fire brigades of the county and of its neighbour."""
    found = {}
    for code, parent in (("fire", "county"), ("far_fire", "neighbour")):
        unit = OrgUnit(code=code, name=f"{parent}消防大队", kind=Kind.AGENCY, parent=county.units[parent])
        unit.full_clean()
        unit.save()
        county.units[code] = found[code] = unit
    return found


@pytest.fixture
def officer(county: County) -> Any:
    return county.person("zhou", "bureau_safety", "county", "周局")


@pytest.fixture
def liaison(county: County, brigades: Any) -> Any:
    return county.person("xiao", "agency_liaison", "fire", "肖防火")


@pytest.fixture
def hazards(county: County, a_hazard: Callable[..., Hazard]) -> dict[str, Hazard]:
    """One to be shared, one of the same school, one of another school, one of another county."""
    units = county.units
    return {
        "shared": create(SYSTEM, a_hazard(title="消防通道被堵")),
        "kept": create(SYSTEM, a_hazard(title="栏杆松动")),
        "second": create(SYSTEM, a_hazard(title="电线老化", org=units["second"])),
        "foreign": create(SYSTEM, a_hazard(title="邻县隐患", org=units["foreign"])),
    }


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def share(desk: Client, hazard: Hazard, agency: OrgUnit, **more: Any) -> Any:
    said = {"agency": agency.pk, "reason": "请协助核查消防通道", **more}
    return desk.post(f"/safety/hazards/{hazard.pk}/act/share", said)


def seen(user: Any) -> set[str]:
    """Titles in the list, the search, the count and the interface, which must agree."""
    client = browser(user)
    page = client.get("/safety/hazards/").content.decode()
    listed = {hazard.title for hazard in Hazard.unguarded.all() if hazard.title in page}
    found = client.get("/api/safety/hazards/").json()
    assert listed == {row["title"] for row in found["results"]}
    assert found["count"] == len(listed)
    for title in {hazard.title for hazard in Hazard.unguarded.all()} - listed:
        assert not client.get("/api/safety/hazards/", {"q": title}).json()["results"]
    return listed


@pytest.mark.requirement("P.03")
def test_the_liaison_sees_and_answers_what_was_shared_and_nothing_else(
    county: County, officer: Any, liaison: Any, hazards: dict[str, Hazard], brigades: dict[str, OrgUnit]
) -> None:
    desk, guest = browser(officer), browser(liaison)
    assert seen(liaison) == set()
    assert share(desk, hazards["shared"], brigades["fire"]).status_code == 303
    assert Message.objects.filter(event="share.given").exists()

    assert seen(liaison) == {"消防通道被堵"}
    url = f"/safety/hazards/{hazards['shared'].pk}/"
    assert "部门答复" in guest.get(url).content.decode()
    assert guest.post(f"{url}act/answer", {"text": ""}).status_code == 422
    assert guest.post(f"{url}act/answer", {"text": "已现场核查，责令三日内清空"}).status_code == 303
    page = desk.get(url).content.decode()
    assert "责令三日内清空" in page
    assert "county消防大队" in page
    assert Message.objects.filter(event="share.answered").exists()

    for verb in ("edit", "move/confirm", "act/press", "act/share", "archive"):
        assert guest.post(f"{url}{verb}", {"text": "x"}).status_code in (403, 409), verb
    for other in ("kept", "second", "foreign"):
        there = f"/safety/hazards/{hazards[other].pk}/"
        assert guest.get(there).status_code == 404, other
        assert guest.post(f"{there}act/answer", {"text": "越权"}).status_code == 404, other
        assert guest.get(f"/api{there.rstrip('/')}").status_code == 404, other
    for address in ELSEWHERE:
        assert guest.get(address).status_code in (403, 404), address
    entries = AuditEntry.objects.filter(action__startswith="share.").order_by("pk")
    assert [entry.action for entry in entries] == ["share.give", "share.answer"]

    far = county.person("lu", "agency_liaison", "far_fire", "陆邻县")
    assert seen(far) == set()
    assert browser(far).get(url).status_code == 404
    assert browser(far).get(f"/shares/{Share.objects.get().pk}/").status_code == 404


def test_a_share_taken_back_or_past_its_day_closes_at_the_next_request(
    officer: Any, liaison: Any, hazards: dict[str, Hazard], brigades: dict[str, OrgUnit]
) -> None:
    desk, guest = browser(officer), browser(liaison)
    until = clock.today() + timedelta(days=3)
    share(desk, hazards["shared"], brigades["fire"], ends_on=until.isoformat())
    with clock.moved(clock.now() + timedelta(days=4)):
        assert seen(liaison) == set()
    assert seen(liaison) == {"消防通道被堵"}
    found = Share.objects.get()
    assert guest.post(f"/shares/{found.pk}/end/").status_code == 403
    assert desk.post(f"/shares/{found.pk}/end/").status_code == 302
    assert seen(liaison) == set()
    assert guest.get("/shares/").content.decode().count("消防通道被堵") == 0
    assert share(desk, hazards["shared"], brigades["fire"]).status_code == 303


def test_a_data_set_is_shared_with_what_is_to_come(
    county: County,
    officer: Any,
    liaison: Any,
    hazards: dict[str, Hazard],
    brigades: dict[str, OrgUnit],
    a_hazard: Callable[..., Hazard],
) -> None:
    said = {"ledger": "safety.hazards", "unit": "town", "agency": brigades["fire"].pk, "reason": "联合整治"}
    until = (clock.today() + timedelta(days=30)).isoformat()
    assert browser(officer).post("/shares/new/", {**said, "ends_on": until}).status_code == 302
    assert seen(liaison) == {"消防通道被堵", "栏杆松动"}
    late = create(SYSTEM, a_hazard(title="新发现的"))
    assert seen(liaison) == {"消防通道被堵", "栏杆松动", "新发现的"}
    answer = browser(liaison).post(f"/safety/hazards/{late.pk}/act/answer", {"text": "已知悉"})
    assert answer.status_code == 303
    assert browser(officer).post("/shares/new/", {**said, "ends_on": until}).status_code == 422
    assert (
        browser(officer).post("/shares/new/", {**said, "unit": "foreign", "ends_on": until}).status_code
        == 422
    )


def test_shares_stay_within_the_area_and_the_right(
    county: County, officer: Any, liaison: Any, hazards: dict[str, Hazard], brigades: dict[str, OrgUnit]
) -> None:
    assert share(browser(officer), hazards["shared"], brigades["far_fire"]).status_code == 422
    assert share(browser(officer), hazards["foreign"], brigades["far_fire"]).status_code == 404
    assert share(browser(officer), hazards["shared"], county.units["second"]).status_code == 422
    head = county.person("he", "school_head", "school")
    assert share(browser(head), hazards["shared"], brigades["fire"]).status_code == 403
    assert not Share.objects.exists()


def test_what_a_school_keeps_to_itself_is_not_shared(
    officer: Any, liaison: Any, county: County, brigades: dict[str, OrgUnit], a_hazard: Callable[..., Hazard]
) -> None:
    own = create(SYSTEM, a_hazard(title="校内自查", reported_up=False))
    said = {"ledger": "safety.hazards", "unit": "county", "agency": brigades["fire"].pk, "reason": "联合整治"}
    browser(officer).post("/shares/new/", {**said, "ends_on": clock.today().isoformat()})
    assert "校内自查" not in seen(liaison)
    assert browser(liaison).get(f"/safety/hazards/{own.pk}/").status_code == 404


def test_pictures_follow_the_share(
    officer: Any, liaison: Any, hazards: dict[str, Hazard], brigades: dict[str, OrgUnit]
) -> None:
    actor, picture = Actor.person(officer), a_picture()
    kept, shared = (
        attach(actor, hazards[name], upload("a.jpg", picture), "before") for name in ("kept", "shared")
    )
    share(browser(officer), hazards["shared"], brigades["fire"])
    guest = browser(liaison)
    assert [guest.get(photo.address()).status_code for photo in (shared, kept)] == [200, 404]
