"""Forms, their versions and editions (D01.3, SAF.09, N1.09)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.composing import changed_question, moved_question, without_question
from anlan.engines.forms.site_requirements import parse
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import Tree
from tests.forms.conftest import PURPOSE, Bank, passing

SEED = Path(settings.ROOT) / "anlan/base/seeds/gbt29315_site_requirements.yaml"


def test_an_empty_form_is_not_put_into_use(tree: Tree, keeper: Actor):
    empty = forms.add_form(keeper, tree.county, title="空表", subject="消防")
    with pytest.raises(Rejected):
        forms.publish(keeper, empty)
    assert empty.version_in_use is None


def test_what_was_begun_keeps_its_version_and_new_ones_take_the_new(
    tree: Tree, keeper: Actor, inspector: Actor, definition: Any, version: Any, response: Any
):
    reworded = changed_question(definition.form(), "q2", text="疏散通道畅通，无锁闭")
    forms.save_content(keeper, definition, reworded)
    second = forms.publish(keeper, definition)
    assert (version.number, second.number) == (1, 2)
    assert definition.version_in_use == second
    assert response.form_version.form().by_uid()["q2"].text == "疏散通道畅通"
    later = forms.begin(inspector, definition.version_in_use, tree.school, PURPOSE)
    assert later.form_version.form().by_uid()["q2"].text == "疏散通道畅通，无锁闭"
    forms.submit(inspector, response, passing("q1", "q2", "q3"))
    version.refresh_from_db()
    assert version.intact
    assert forms.differences(version.form(), second.form()).altered == ("q2",)


def test_publishing_the_same_again_makes_no_version(keeper: Actor, definition: Any, version: Any):
    forms.withdraw(keeper, definition)
    assert definition.version_in_use is None
    with pytest.raises(Conflict):
        forms.withdraw(keeper, definition)
    assert forms.publish(keeper, definition) == version
    assert definition.version_in_use == version


def test_tampering_with_a_version_shows(version: Any):
    forms.FormVersion.unguarded.filter(pk=version.pk).update(content={"sections": []})
    version.refresh_from_db()
    assert not version.intact


def test_a_copy_is_a_draft_of_its_own(tree: Tree, keeper: Actor, definition: Any, version: Any):
    copy = forms.copy_form(keeper, definition, tree.county)
    assert (copy.state, copy.title) == ("draft", "开学检查表（副本）")
    forms.save_content(keeper, copy, without_question(copy.form(), "q1"))
    assert "q1" in definition.form().by_uid()


def test_a_question_does_not_change_its_bank_item(keeper: Actor, definition: Any, version: Any, bank: Bank):
    swapped = changed_question(definition.form(), "q2", item=str(bank.samples.uid))
    forms.save_content(keeper, definition, swapped)
    with pytest.raises(Rejected):
        forms.publish(keeper, definition)


def test_an_item_without_standard_is_not_put_into_use(keeper: Actor, definition: Any):
    forms.save_content(keeper, definition, changed_question(definition.form(), "q1", standard=""))
    with pytest.raises(Rejected, match="没有检查标准"):
        forms.publish(keeper, definition)


def test_two_keepers_do_not_overwrite_each_other(keeper: Actor, definition: Any):
    seen = definition.version
    forms.save_content(keeper, definition, without_question(definition.form(), "q3"), version=seen)
    with pytest.raises(Conflict):
        forms.save_content(keeper, definition, moved_question(definition.form(), "q1", 1), version=seen)


def test_schools_read_forms_and_do_not_change_them(school_user: Any, definition: Any, version: Any):
    school = Actor.person(school_user)
    assert list(forms.forms_in_use(school_user, "消防")) == [definition]
    for act in (forms.publish, forms.withdraw):
        with pytest.raises(Forbidden):
            act(school, definition)
    with pytest.raises(Forbidden):
        forms.save_content(school, definition, forms.Form())


def test_the_order_changes_within_and_across_sections(definition: Any):
    form = definition.form()
    order = lambda changed: [[q.uid for q in s.questions] for s in changed.sections]  # noqa: E731
    assert order(moved_question(form, "q1", 1)) == [["q2", "q1", "why"], ["q3"]]
    assert order(moved_question(form, "why", 1)) == [["q1", "q2"], ["why", "q3"]]
    assert order(moved_question(form, "q3", -1)) == [["q1", "q2", "why", "q3"], []]
    assert order(moved_question(form, "q1", -1)) == order(form)


class TestSiteRequirements:
    def test_a_kindergarten_gate_has_four_requirements_and_a_primary_school_three(
        self, tree: Tree, keeper: Actor
    ):
        version = forms.load_site_requirements(keeper, tree.county, SEED)
        gate = [section for section in version.form().sections if section.title == "学校大门口"]
        one_gate = forms.Form(tuple(gate))
        for school_type, count in (("kindergarten", 4), ("primary", 3)):
            asked = forms.shown(one_gate, {"school_type": school_type}, {})
            assert len(asked) == count
            assert len(parse(yaml.safe_load(SEED.read_text())).at("L03", school_type)) == count
        assert {question.level for question in one_gate.questions()} == {"must"}

    def test_it_may_be_excused_only_where_the_file_allows_it(self):
        rows = {row.id: row for row in parse(yaml.safe_load(SEED.read_text())).rows}
        assert rows["L08-1"].excusable
        assert not rows["L03-1"].excusable
        assert len(rows) == 57

    def test_loading_again_changes_nothing_and_doubled_ids_are_refused(
        self, tree: Tree, keeper: Actor, tmp_path: Path
    ):
        first = forms.load_site_requirements(keeper, tree.county, SEED)
        assert forms.load_site_requirements(keeper, tree.county, SEED) == first
        doubled = SEED.read_text().replace("id: L03-2,", "id: L03-1,")
        (tmp_path / "doubled.yaml").write_text(doubled)
        with pytest.raises(Rejected) as said:
            forms.load_site_requirements(keeper, tree.county, tmp_path / "doubled.yaml")
        assert said.value.fields == {"L03-1": ["编号重复"]}

    def test_a_second_edition_asks_only_what_is_new_or_altered(
        self, tree: Tree, keeper: Actor, inspector: Actor, tmp_path: Path
    ):
        first = forms.load_site_requirements(keeper, tree.county, SEED)
        newer = SEED.read_text().replace("edition: GBT29315-2012/QXN-2017", "edition: 试行-2027")
        (tmp_path / "newer.yaml").write_text(newer.replace("设置紧急报警救援装置", "设置一键报警装置"))
        second = forms.load_site_requirements(keeper, tree.county, tmp_path / "newer.yaml")
        assert first.definition.state == second.definition.state == "in_use"
        old = forms.begin(inspector, first, tree.school, PURPOSE)
        forms.save_answers(
            inspector, old, [forms.AnswerIn(one, "met", "已装") for one in ("L03-1", "L04-1", "L06-1")]
        )
        new = forms.carry_over(inspector, old, second)
        kept = {row.question for row in new.answers.all()}
        assert kept == {"L03-1", "L06-1"}
        assert {row.question for row in old.answers.all()} == {"L03-1", "L04-1", "L06-1"}

    def test_met_needs_a_picture_or_a_device_named(self, tree: Tree, keeper: Actor, inspector: Actor):
        version = forms.load_site_requirements(keeper, tree.county, SEED)
        response = forms.begin(inspector, version, tree.school, PURPOSE)
        forms.save_answers(inspector, response, [forms.AnswerIn("L03-1", "met")])
        assert "L03-1" in forms.still_missing(response)
        forms.save_answers(inspector, response, [forms.AnswerIn("L03-1", "met", "1 号球机")])
        assert "L03-1" not in forms.still_missing(response)


def test_replacing_keeps_other_parts(definition: Any):
    form = definition.form()
    assert replace(form, signed=True).sections == form.sections
