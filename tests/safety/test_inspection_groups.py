"""Groups and their schools: kept by the bureau, named to the school, never taken from a running check."""

from typing import Any

import pytest
from django.test import Client

from anlan.base.schools import School
from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from tests.safety.specials import Cast

pytestmark = pytest.mark.django_db
GROUPS, ASSIGNMENTS = "/safety/inspection-groups/", "/safety/group-assignments/"


def web(actor: Any) -> Client:
    """The person's browser."""
    client = Client()
    client.force_login(actor.user)
    return client


def page(actor: Any, url: str) -> str:
    """What the person reads there."""
    return web(actor).get(url).content.decode()


@pytest.mark.requirement("SAF.07")
def test_groups_are_the_bureaus_and_stay_while_they_are_needed(cast: Cast) -> None:
    county = cast.county.units["county"].pk
    bureau = web(cast.bureau)
    whole = {
        "org": county,
        "name": "第二组",
        "leader": cast.outsider.user.pk,
        "members": [cast.member.user.pk],
    }
    assert bureau.post(f"{GROUPS}new", whole | {"leader": ""}).status_code == 422
    refused = bureau.post(f"{GROUPS}new", whole | {"leader": cast.head.user.pk})
    assert refused.status_code == 422, "a head of school leads no group"
    doubled = bureau.post(f"{GROUPS}new", whole | {"name": "第一组"})
    assert (doubled.status_code, "已有同名的检查小组" in doubled.content.decode()) == (422, True)
    assert bureau.post(f"{GROUPS}new", whole).status_code == 303
    group = InspectionGroup.unguarded.get(name="第二组")
    shown = page(cast.bureau, f"{GROUPS}{group.pk}/")
    assert all(words in shown for words in ("第二组", "fang", "gao"))
    for person in (cast.head, cast.contact, cast.leader):
        assert web(person).post(f"{GROUPS}new", whole | {"name": "第三组"}).status_code == 403
        assert web(person).post(f"{GROUPS}{group.pk}/archive").status_code in (403, 404)
    assert bureau.post(f"{GROUPS}{group.pk}/edit", whole | {"name": "机动组"}).status_code == 303
    cast.assign("school", group=group)
    cast.published("school")
    GroupAssignment.unguarded.all().delete()
    busy = bureau.post(f"{GROUPS}{group.pk}/archive")
    assert (busy.status_code, "正在进行" in busy.content.decode()) == (409, True)
    assert InspectionGroup.unguarded.get(pk=group.pk).archived_at is None
    assert bureau.post(f"{GROUPS}{cast.group.pk}/archive").status_code == 303, "the idle one can go"


@pytest.mark.requirement("SAF.08")
def test_each_school_has_one_group_and_a_change_is_for_later(cast: Cast) -> None:
    lacking = "/safety/schools-without-group/"
    for name in ("school", "second"):
        a_school(cast, name)
    assert all(f"{name}学校" in page(cast.bureau, lacking) for name in ("school", "second"))
    form = f"{GROUPS}{cast.group.pk}/act/assign"
    nothing = web(cast.bureau).post(form, {})
    assert (nothing.status_code, "请选择学校或镇街" in nothing.content.decode()) == (422, True)
    unit = cast.county.units["school"]
    assert web(cast.bureau).post(form, {"schools": [unit.pk]}).status_code == 303
    assert "school学校" not in page(cast.bureau, lacking)
    assert "second学校" in page(cast.bureau, lacking)
    assert "第一组" in page(cast.head, ASSIGNMENTS)
    school = a_school(cast, "school")
    assert "第一组，组长 lin" in page(cast.head, f"/base/schools/{school.pk}/")

    check = cast.published("school")
    other = InspectionGroup.unguarded.create(org=check.org, name="第二组", leader=cast.outsider.user)
    again = web(cast.bureau).post(f"{ASSIGNMENTS}new", {"org": unit.pk, "group": other.pk})
    assert (again.status_code, "已经分配了检查小组" in again.content.decode()) == (422, True)
    for person in (cast.head, cast.contact):
        assert web(person).post(f"{ASSIGNMENTS}new", {"org": unit.pk, "group": other.pk}).status_code == 403
        assert web(person).post(form, {"schools": [unit.pk]}).status_code in (403, 404)
    row = GroupAssignment.unguarded.get(org=unit)
    changed = web(cast.bureau).post(f"{ASSIGNMENTS}{row.pk}/edit", {"org": unit.pk, "group": other.pk})
    assert changed.status_code == 303
    later = cast.published("school", title="后来的检查")
    assert (cast.part(check=check).group, cast.part(check=later).group) == (cast.group, other)


def a_school(cast: Cast, name: str) -> Any:
    """The profile of a school of the county."""
    known = School.unguarded.filter(org=cast.county.units[name]).first()
    return known or School.unguarded.create(
        org=cast.county.units[name], name=f"{name}学校", kind="primary", nature_id="school_nature.public"
    )
