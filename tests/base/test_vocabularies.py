"""Code tables and divisions."""

import pytest
from django.core.management import call_command

from anlan.base.divisions import Division, load_divisions
from anlan.base.vocabularies import Code, add_code, codes_of, load_codes, rename_code, retire_code
from anlan.engines.audit.api import Actor, AuditEntry
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(tree):
    return Actor.person(a_user("bureau_safety", tree.county))


def test_every_seed_is_there_with_scheme_version_and_confidence():
    primary = Code.objects.get(key="school_teaching_type.211")
    assert (primary.name, primary.confidence, primary.extra["stages"]) == ("小学", "S2x2", "primary")
    assert primary.table.scheme == "JYT1001-2012"
    assert primary.table.version == "2012"
    assert Code.objects.get(key="sex.9").name == "未说明的性别"


def test_loading_again_brings_nothing_new_and_keeps_names(keeper):
    rename_code(keeper, Code.objects.get(key="school_nature.other"), "国有企业办")
    assert load_codes() == 0
    assert Code.objects.get(key="school_nature.other").name == "国有企业办"


def test_a_used_code_is_renamed_and_its_users_show_the_new_name(keeper, schools):
    rename_code(keeper, Code.objects.get(key="school_nature.public"), "公办学校")
    schools["S1"].refresh_from_db()
    assert str(schools["S1"].nature) == "公办学校"
    entry = AuditEntry.objects.filter(model="base.code").last()
    assert (entry.before, entry.after) == ({"name": "公办"}, {"name": "公办学校"})


def test_a_code_is_never_deleted_but_retired(keeper):
    code = Code.objects.get(key="school_nature.collective")
    with pytest.raises(Conflict):
        code.delete()
    retire_code(keeper, code)
    assert code not in codes_of("school_nature")
    assert Code.objects.filter(key="school_nature.collective").exists()


def test_codes_are_added_by_those_with_the_right_only(keeper, tree):
    added = add_code(keeper, "school_nature", "joint", "混合所有制")
    assert added in codes_of("school_nature")
    with pytest.raises(Forbidden):
        add_code(Actor.person(a_user("school_head", tree.school)), "school_nature", "x", "别的")
    with pytest.raises(Rejected):
        add_code(keeper, "no_such_table", "x", "别的")


def test_divisions_load_from_the_seeds_with_source_and_version(capsys):
    call_command("load_divisions")
    jinjiang = Division.objects.get(code="350582")
    assert jinjiang.full_name() == "福建省泉州市晋江市"
    assert (jinjiang.source, jinjiang.version) == ("china-division 2.7.0", "2023-06-30")
    assert Division.objects.get(code="350582001").parent == jinjiang
    assert Division.objects.get(code="110101").full_name() == "北京市东城区"
    assert "3" in capsys.readouterr().out


def test_a_newer_file_renames_and_deletes_nothing():
    rows = [{"code": "35", "name": "福建省", "parent": ""}, {"code": "3599", "name": "甲市", "parent": "35"}]
    load_divisions(rows, "测试", "1")
    load_divisions([{"code": "35", "name": "福建", "parent": ""}], "测试", "2")
    assert {d.code: d.name for d in Division.objects.all()} == {"35": "福建", "3599": "甲市"}


def test_a_division_under_the_wrong_parent_stops_the_whole_file():
    rows = [{"code": "35", "name": "福建省", "parent": ""}, {"code": "3701", "name": "错", "parent": "35"}]
    with pytest.raises(Rejected) as refused:
        load_divisions(rows, "测试", "1")
    assert list(refused.value.fields) == ["3701"]
    assert not Division.objects.exists()
