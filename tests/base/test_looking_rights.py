"""Which schools, and which kinds of school information, a person may look at (D09.5)."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import SYSTEM
from anlan.engines.files.api import attach
from anlan.engines.identity.composing import compose
from anlan.engines.org.api import Grant, Role
from tests.factories import Tree, a_grant, a_role, a_user
from tests.files.making import a_picture, upload

pytestmark = pytest.mark.django_db
BASE = ("base.schools.view", "base.schools.export")
TEAM = "base.schools.block.team"
OWN = {"池店一小", "池店二小", "南安一中"}
OTHER = "陈埭中学"
ELSEWHERE = (
    "/base/people/",
    "/base/posts/",
    "/base/team/",
    "/safety/hazards/",
    "/api/base/people/",
    "/tasks/",
)


@pytest.fixture
def security(tree: Tree) -> Any:
    return a_user("security_admin", tree.province)


@pytest.fixture
def visitor(tree: Tree, security: Any, schools: Any) -> Any:
    """Granted three schools and their base data only, by the security officer on the pages."""
    desk = Client()
    desk.force_login(security)
    said = {"title": "只看基础数据", "app_base": list(BASE)}
    assert desk.post("/roles/new/", said).status_code == 302
    role = Role.objects.get(title="只看基础数据")
    user = a_user("", tree.county, username="laifang", name="来访")
    for unit in ("S1", "S2", "S4"):
        wish = {"username": "laifang", "role": role.pk, "unit": unit}
        assert desk.post("/grants/new/", wish).status_code == 302
    return user


@pytest.fixture
def desk(visitor: Any) -> Client:
    client = Client()
    client.force_login(visitor)
    return client


def in_text(text: str) -> set[str]:
    return {name for name in (*OWN, OTHER) if name in text}


@pytest.mark.requirement("D09.5")
def test_three_schools_and_base_data_are_all_there_is(desk: Client, schools: Any, tree: Tree) -> None:
    page = desk.get("/base/schools/").content.decode()
    assert in_text(page) == OWN
    assert "共 3 所" in page
    found = desk.get("/api/base/schools/").json()
    assert (found["count"], {row["name"] for row in found["results"]}) == (3, OWN)
    assert desk.get("/api/base/schools/", {"q": OTHER}).json()["results"] == []
    sheet = desk.get("/base/schools/export", {"format": "csv"}).content.decode("utf-8-sig")
    assert in_text(sheet) == OWN
    assert in_text(desk.get("/search/", {"q": "小"}).content.decode()) <= OWN
    for code, status in (("S1", 200), ("S3", 404)):
        school = schools[code]
        photo = attach(SYSTEM, school, upload("a.jpg", a_picture()), "pictures")
        answers = [
            desk.get(url).status_code for url in (school.get_absolute_url(), f"/api/base/schools/{school.pk}")
        ]
        assert [*answers, desk.get(photo.address()).status_code] == [status] * 3, code


@pytest.mark.requirement("D09.5")
def test_other_kinds_of_information_are_absent_and_come_with_the_next_request(
    desk: Client, schools: Any, security: Any
) -> None:
    url = schools["S1"].get_absolute_url()

    def told() -> list[bool]:
        listed = desk.get("/base/schools/").content.decode()
        sheet = desk.get("/base/schools/export", {"format": "csv"}).content.decode("utf-8-sig")
        row = desk.get(f"/api/base/schools/{schools['S1'].pk}").json()
        page = desk.get(url).content.decode()
        return ["责任人" in listed, "责任人" in sheet, "complete" in row, "安全小组和责任人" in page]

    assert told() == [False] * 4
    for address in ELSEWHERE:
        assert desk.get(address).status_code in (403, 404), address
    role = Role.objects.get(title="只看基础数据")
    compose(security, role, role.title, {*BASE, TEAM})
    assert told() == [True] * 4
    compose(security, role, role.title, set(BASE))
    assert told() == [False] * 4
    Grant.objects.filter(role=role, unit__code="S2").delete()
    assert in_text(desk.get("/base/schools/").content.decode()) == OWN - {"池店二小"}


@pytest.mark.requirement("D09.5")
def test_nobody_grants_more_than_the_own_rights(
    client: Client, tree: Tree, visitor: Any, schools: Any
) -> None:
    granter = a_user("", tree.county)
    a_grant(granter, a_role("granter", "identity.grants.view", "identity.grants.add").code, tree.county)
    a_grant(granter, Role.objects.get(title="只看基础数据").code, tree.township)
    client.force_login(granter)
    base, more = Role.objects.get(title="只看基础数据"), a_role("more", *BASE, TEAM)

    def give(role: Role, unit: str) -> int:
        said = {"username": "laifang", "role": role.pk, "unit": unit}
        return client.post("/grants/new/", said).status_code

    assert give(more, "S1") == 403
    assert give(base, "S3") == 403
    assert give(base, "S4") == 422
    assert give(base, "S1") == 302
