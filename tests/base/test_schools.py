"""School profiles, their run from the upper platform, and what a school keeps itself."""

import pytest

from anlan.base.school_changes import SchoolChange, maintain
from anlan.base.school_rules import SchoolFieldRule, openness
from anlan.base.school_sync import SchoolSync
from anlan.base.schools import School, close_school, move_school, open_school
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, change, create
from anlan.engines.org.api import OrgUnit, may
from anlan.engines.workflow.api import perform
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def as_person(role, unit):
    return Actor.person(a_user(role, unit))


def test_a_new_name_arrives_at_the_unit_and_in_pinyin(schools):
    change(SYSTEM, schools["S1"], {"name": "池店中心小学"})
    assert OrgUnit.objects.get(code="S1").name == "池店中心小学"
    assert School.objects.unscoped().one(code=schools["S1"].code).initials == "cdzxxx"


def test_another_town_moves_the_unit_so_that_its_office_sees_it_at_once(tree, schools):
    officer = a_user("township_officer", tree.other_township)
    assert "池店一小" not in {str(s) for s in School.objects.visible(officer, "base.schools.view")}
    move_school(SYSTEM, schools["S1"], tree.other_township)
    assert "池店一小" in {str(s) for s in School.objects.visible(officer, "base.schools.view")}
    assert schools["S1"].org.path.startswith(tree.other_township.path)


def test_a_closed_school_grants_nothing_and_keeps_its_history(tree, schools):
    head = a_user("school_head", tree.school)
    assert may(head, "base.schools.view")
    close_school(SYSTEM, schools["S1"])
    fresh = type(head).objects.get(pk=head.pk)
    assert not may(fresh, "base.schools.view")
    assert School.objects.unscoped().one(name="池店一小").closed_on is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "2335012345"}, "code"),
        ({"code": "2199012345"}, "code"),
        ({"credit_code": "911100006000373410"}, "credit_code"),
        ({"boarders": 401}, "boarders"),
        ({"latitude": "24.78"}, "longitude"),
        ({"founded_on": "2199-01-01"}, "founded_on"),
    ],
)
def test_facts_that_cannot_be_are_refused_at_their_field(schools, values, field):
    values = {name: School._meta.get_field(name).to_python(value) for name, value in values.items()}
    with pytest.raises(Rejected) as refused:
        change(SYSTEM, schools["S1"], values)
    assert field in refused.value.fields


def test_two_profiles_of_one_unit_and_a_profile_of_a_bureau_are_refused(tree, schools):
    facts = {"name": "甲", "kind": "primary", "nature_id": "school_nature.public"}
    with pytest.raises(Rejected):
        create(SYSTEM, School(org=tree.school, **facts))
    with pytest.raises(Rejected):
        create(SYSTEM, School(org=tree.county, **facts))


def test_a_direct_school_hangs_on_the_city_only_when_flagged(tree):
    facts = {"name": "泉州实验小学", "kind": "primary", "nature_id": "school_nature.public"}
    with pytest.raises(Rejected):
        open_school(SYSTEM, tree.city, "D1", **facts)
    assert open_school(SYSTEM, tree.city, "D1", direct=True, **facts).org.direct


def rows():
    return [
        {"code": "2135000001", "name": "池店镇中心小学", "street": "陈埭镇教委办", "pupils": 999},
        {"code": "2135000002", "closed": True},
        {"code": "3135000003", "name": "陈埭中学", "street": "月球镇"},
        {"code": "2135000077", "name": "甲小学", "kind": "小学", "nature": "公办", "street": "3505821"},
        {"code": "2135000088", "name": "乙小学", "kind": "小学", "nature": "公办", "street": "3505821"},
        {"code": "2135000088", "name": "丙小学", "kind": "小学", "nature": "公办", "street": "3505821"},
    ]


@pytest.mark.requirement("D09.1")
def test_one_run_brings_names_and_streets_closes_schools_and_lists_faulty_rows(tree, schools):
    outcome = SchoolSync(SYSTEM, tree.county).run(rows())
    first = School.objects.unscoped().select_related("org").one(code="2135000001")
    assert (first.org.name, first.town, first.org.parent) == ("池店镇中心小学", *[tree.other_township] * 2)
    assert outcome.closed == ["池店二小"]
    assert School.objects.unscoped().one(code="2135000002").org.closed_on is not None
    assert AuditEntry.objects.filter(model="base.school", title="池店二小").exists()
    assert outcome.added == ["甲小学"]
    assert [(row.number, row.code) for row in outcome.rejected] == [
        (3, "3135000003"),
        (5, "2135000088"),
        (6, "2135000088"),
    ]
    assert "月球镇" in outcome.rejected[0].why
    assert not School.objects.unscoped().filter(code="2135000088").exists()
    assert first.pupils == 400, "the school keeps this figure itself"
    create(SYSTEM, SchoolFieldRule(org=tree.county, field="pupils", overwritten=True))
    SchoolSync(SYSTEM, tree.county).run(rows()[:1])
    assert School.objects.unscoped().one(code="2135000001").pupils == 999


def test_a_run_touches_no_school_of_another_county(tree, schools):
    outcome = SchoolSync(SYSTEM, tree.county).run([{"code": schools["S4"].code, "name": "被改名"}])
    assert outcome.rejected
    assert School.objects.unscoped().one(pk=schools["S4"].pk).name == "南安一中"


def test_a_school_changes_opened_fields_of_its_own_only(tree, schools):
    keeper = as_person("school_safety", tree.school)
    assert maintain(keeper, schools["S1"], {"pupils": 433}) is None
    assert School.objects.unscoped().one(pk=schools["S1"].pk).pupils == 433
    with pytest.raises(Forbidden):
        maintain(keeper, schools["S1"], {"name": "自封名校"})
    with pytest.raises(Forbidden):
        maintain(keeper, schools["S1"], {"pupils": 1, "code": "2135009999"})
    with pytest.raises(Missing):
        maintain(keeper, schools["S2"], {"pupils": 1})
    assert School.objects.unscoped().one(pk=schools["S1"].pk).pupils == 433


def test_a_field_closed_by_the_bureau_is_refused(tree, schools):
    create(SYSTEM, SchoolFieldRule(org=tree.county, field="pupils", opened=False))
    assert not openness(tree.school)["pupils"].opened
    assert openness(tree.far_school)["pupils"].opened
    with pytest.raises(Forbidden):
        maintain(as_person("school_safety", tree.school), schools["S1"], {"pupils": 1})


@pytest.mark.requirement("D09.2")
def test_reviewed_changes_take_effect_only_after_the_bureau_agrees(tree, schools):
    create(SYSTEM, SchoolFieldRule(org=tree.county, field="pupils", reviewed=True))
    school, keeper = schools["S1"], as_person("school_safety", tree.school)
    with pytest.raises(Forbidden):
        maintain(keeper, school, {"kind": "senior"})
    with pytest.raises(Missing):
        maintain(keeper, schools["S2"], {"pupils": 1})
    proposal = maintain(keeper, school, {"pupils": 500, "address": "池店路1号"}, "秋季招生")
    school.refresh_from_db()
    assert (school.pupils, school.address) == (400, "池店路1号"), "only the reviewed field waits"
    with pytest.raises(Forbidden):
        perform(keeper, proposal, "agree")
    perform(as_person("bureau_safety", tree.county), proposal, "agree")
    school.refresh_from_db()
    assert school.pupils == 500
    changes = AuditEntry.objects.filter(model="base.school", object_id=str(school.pk), action="change")
    assert [(entry.before, entry.after) for entry in changes.order_by("pk")] == [
        ({"address": ""}, {"address": "池店路1号"}),
        ({"pupils": 400}, {"pupils": 500}),
    ]


def test_a_refused_or_withdrawn_proposal_changes_nothing(tree, schools):
    create(SYSTEM, SchoolFieldRule(org=tree.county, field="pupils", reviewed=True))
    keeper, bureau = as_person("school_safety", tree.school), as_person("bureau_safety", tree.county)
    first = maintain(keeper, schools["S1"], {"pupils": 500})
    with pytest.raises(Rejected):
        maintain(keeper, schools["S1"], {"pupils": 600})
    with pytest.raises(Rejected):
        perform(bureau, first, "refuse")
    perform(bureau, first, "refuse", {"opinion": "与学籍不符"})
    perform(keeper, maintain(keeper, schools["S1"], {"pupils": 600}), "withdraw")
    assert School.objects.unscoped().one(pk=schools["S1"].pk).pupils == 400
    with pytest.raises(Conflict):
        perform(bureau, first, "agree")


def test_a_proposal_of_nonsense_is_refused_before_anybody_reviews_it(tree, schools):
    create(SYSTEM, SchoolFieldRule(org=tree.county, field="boarders", reviewed=True))
    with pytest.raises(Rejected):
        maintain(as_person("school_safety", tree.school), schools["S1"], {"boarders": 9999})
    assert not SchoolChange.objects.unscoped().exists()
