"""The safety team: switches, linked schools, the last administrator, fuzzy search."""

import pytest

from anlan.base.people import Person, leave, people_found
from anlan.base.teams import TeamMember, may_raise_hazards, remove_member, schools_to_check
from anlan.engines.audit.api import SYSTEM, AuditEntry, change, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import scope
from anlan.kernel.errors import Conflict, Rejected

pytestmark = pytest.mark.django_db


@pytest.fixture
def join(tree, schools, person):
    """Makes a member linked to schools."""

    def make(name, *linked, **switches):
        member = create(
            SYSTEM,
            TeamMember(org=tree.county, person=person(name, "350582", switches.pop("phone", "")), **switches),
        )
        return change(SYSTEM, member, {"schools": [schools[code] for code in linked]})

    return make


def fresh(member):
    return User.objects.get(pk=member.person.account_id)


def test_a_member_sees_and_checks_linked_schools_only(join, tree):
    member = join("巡查甲", "S1", "S3")
    assert {school.name for school in schools_to_check(fresh(member))} == {"池店一小", "陈埭中学"}
    seen = scope(fresh(member), "base.schools.view")
    assert seen.covers(tree.school.path)
    assert not seen.covers(tree.sister_school.path)


def test_unlinking_a_school_takes_effect_at_once(join, tree, schools):
    member = join("巡查甲", "S1", "S3")
    change(SYSTEM, member, {"schools": [schools["S3"]]})
    assert not scope(fresh(member), "base.schools.view").covers(tree.school.path)


def test_the_hazard_switch_decides_who_may_raise_one(join, tree):
    quiet, loud = join("甲", "S1"), join("乙", "S1", may_raise_hazards=True)
    assert not may_raise_hazards(fresh(quiet), tree.school)
    assert may_raise_hazards(fresh(loud), tree.school)
    assert not may_raise_hazards(fresh(loud), tree.sister_school)
    change(SYSTEM, loud, {"may_raise_hazards": False})
    assert not may_raise_hazards(fresh(loud), tree.school)


def test_the_last_administrator_is_not_demoted_nor_removed(join):
    boss, deputy = join("甲", is_admin=True), join("乙")
    with pytest.raises(Conflict):
        change(SYSTEM, boss, {"is_admin": False})
    boss.refresh_from_db()
    assert boss.is_admin
    with pytest.raises(Conflict):
        remove_member(SYSTEM, boss)
    boss.refresh_from_db()
    change(SYSTEM, deputy, {"is_admin": True})
    change(SYSTEM, boss, {"is_admin": False})
    assert TeamMember.objects.unscoped().filter(is_admin=True).one().pk == deputy.pk


def test_every_switch_is_in_the_trail_with_old_and_new_value(join, schools):
    member = join("甲", "S1")
    change(SYSTEM, member, {"may_raise_hazards": True, "schools": [schools["S2"]]})
    entry = AuditEntry.objects.filter(model="base.teammember", object_id=str(member.pk)).last()
    assert entry.before == {"may_raise_hazards": False, "schools": [schools["S1"].pk]}
    assert entry.after == {"may_raise_hazards": True, "schools": [schools["S2"].pk]}


def test_somebody_removed_keeps_history_and_loses_the_schools(join):
    member = join("甲", "S1", may_raise_hazards=True)
    remove_member(SYSTEM, member)
    assert not schools_to_check(fresh(member)).exists()
    assert not scope(fresh(member), "base.schools.view")
    assert TeamMember.objects.unscoped().filter(person=member.person).one().archived_at


def test_a_person_who_left_cannot_join(join, tree, person):
    man = person("走了", "350582")
    leave(SYSTEM, man)
    with pytest.raises(Rejected):
        create(SYSTEM, TeamMember(org=tree.county, person=man))


def test_nobody_is_in_a_team_twice(join, tree):
    member = join("甲")
    with pytest.raises(Rejected):
        create(SYSTEM, TeamMember(org=tree.county, person=member.person))


@pytest.mark.parametrize("text", ["晓明", "5678", "345678", "lxm", "lixiao", "陈埭", "晋江"])
def test_part_of_name_phone_pinyin_unit_or_school_finds_the_person(join, text):
    join("李晓明", "S3", phone="13812345678")
    join("王五", "S1", phone="13900001111")
    found = people_found(Person.objects.unscoped(), text)
    assert "李晓明" in {person.name for person in found}
    assert text == "晋江" or found.count() == 1


def test_a_person_linked_to_many_schools_is_found_once(join):
    join("李晓明", "S1", "S2")
    assert people_found(Person.objects.unscoped(), "池店").count() == 1


def test_a_change_into_what_only_one_row_may_hold_is_refused_with_the_reason(join):
    first, second = join("甲"), join("乙")
    before = (second.person, second.version)
    with pytest.raises(Rejected, match="此人已在小组中"):
        change(SYSTEM, second, {"person": first.person})
    assert (second.person, second.version) == before
    second.refresh_from_db()
    assert (second.person, second.version) == before
