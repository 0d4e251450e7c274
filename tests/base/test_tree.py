"""The organisation tree as education uses it: four levels, universities beside, agencies linked (P.01-P.03)."""

import pytest
from django.core.exceptions import ValidationError

from anlan.base.schools import School, open_school
from anlan.engines.audit.api import SYSTEM
from anlan.engines.org.api import Kind, OrgUnit, move_unit, scope
from anlan.kernel.errors import Rejected
from tests.factories import a_user, sign_in

pytestmark = pytest.mark.django_db
FACTS = {"name": "某校", "kind": "primary", "nature_id": "school_nature.public"}


@pytest.mark.requirement("P.01")
def test_a_county_lists_exactly_its_schools_and_impossible_places_are_refused(client, tree, schools):
    sign_in(client, a_user("bureau_safety", tree.county))
    answer = client.get("/base/schools/pick", {"all": 1}).json()
    assert {row["label"] for row in answer["rows"]} == {"池店一小", "池店二小", "陈埭中学"}
    assert client.get(schools["S4"].get_absolute_url()).status_code == 404
    assert client.get(schools["S1"].get_absolute_url()).status_code == 200
    for parent in (tree.school, tree.province, tree.city):
        with pytest.raises(Rejected):
            open_school(SYSTEM, parent, "X1", **FACTS)
    assert not OrgUnit.objects.filter(code="X1").exists()
    assert open_school(SYSTEM, tree.province, "X2", direct=True, **FACTS).org.parent == tree.province
    with pytest.raises(ValidationError):
        move_unit(tree.county, tree.township)
    assert OrgUnit.objects.get(code="350582").parent == tree.city


def test_a_city_sees_nothing_of_a_university_and_the_province_does(tree):
    city, province = a_user("upper_safety", tree.city), a_user("upper_safety", tree.province)
    college = OrgUnit.objects.create(code="U1-1", name="学院", kind=Kind.COLLEGE, parent=tree.university)
    assert not scope(city, "base.schools.view").covers(college.path)
    assert scope(province, "base.schools.view").covers(college.path)


@pytest.mark.parametrize("parent", ["350582", "350500", "S1"])
def test_colleges_hang_on_universities_only(tree, parent):
    college = OrgUnit(code="C9", name="学院", kind=Kind.COLLEGE, parent=tree[parent])
    with pytest.raises(ValidationError, match="不能设在"):
        college.full_clean()


def test_an_agency_lists_no_school(client, tree, schools):
    sign_in(client, a_user("agency_liaison", tree.agency))
    assert client.get("/base/schools/").status_code == 403
    assert client.get(schools["S1"].get_absolute_url()).status_code in (403, 404)
    assert School.objects.unscoped().count() == 4
