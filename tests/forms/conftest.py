"""A county with an item bank, a form in use, and people who keep, fill in and only look."""

from dataclasses import dataclass
from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms.purposes import Purpose, purposes
from tests.factories import Tree, a_grant, a_role, a_tree, a_user

VIEW, FILL = "tests.checks.view", "tests.checks.fill"
PURPOSE = "tests-check"


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def keeper(tree: Tree) -> Actor:
    return Actor.person(a_user("bureau_safety", tree.county), "web")


@pytest.fixture
def school_user(tree: Tree) -> Any:
    return a_user("school_safety", tree.school)


@pytest.fixture
def inspector(tree: Tree, purpose: Purpose) -> Actor:
    user = a_user("inspector", tree.county)
    a_grant(user, a_role("checker", VIEW, FILL).code, tree.county)
    return Actor.person(user, "phone")


@pytest.fixture
def purpose(monkeypatch: pytest.MonkeyPatch) -> Purpose:
    declared = Purpose(PURPOSE, "试查", VIEW, FILL)
    monkeypatch.setitem(purposes._items, PURPOSE, declared)
    return declared


@dataclass
class Bank:
    """Two categories and three items of the county."""

    fire: forms.ItemCategory
    food: forms.ItemCategory
    extinguisher: forms.Item
    exit: forms.Item
    samples: forms.Item


@pytest.fixture
def bank(tree: Tree, keeper: Actor) -> Bank:
    fire = forms.add_category(keeper, tree.county, "消防安全", code="fire")
    food = forms.add_category(keeper, tree.county, "食品安全", code="food")

    def item(category: forms.ItemCategory, wording: str, **values: Any) -> forms.Item:
        return forms.add_item(
            keeper, tree.county, category=category, wording=wording, standard=f"{wording}合乎要求", **values
        )

    return Bank(
        fire,
        food,
        item(fire, "灭火器压力在绿区", photos=1, note_required=True, score="10"),
        item(fire, "疏散通道畅通", score="5"),
        item(food, "留样满 48 小时"),
    )


@pytest.fixture
def definition(tree: Tree, keeper: Actor, bank: Bank) -> forms.FormDefinition:
    form = forms.Form(
        (
            forms.Section(
                "消防",
                (
                    forms.question_from(bank.extinguisher, uid="q1"),
                    forms.question_from(bank.exit, uid="q2"),
                    forms.Question(
                        "why", "text", "为何不通", shown_if=(forms.Condition(("fail",), question="q2"),)
                    ),
                ),
            ),
            forms.Section("食堂", (forms.question_from(bank.samples, uid="q3"),)),
        )
    )
    return forms.add_form(keeper, tree.county, title="开学检查表", subject="消防", form=form)


@pytest.fixture
def version(keeper: Actor, definition: forms.FormDefinition) -> forms.FormVersion:
    return forms.publish(keeper, definition)


@pytest.fixture
def response(tree: Tree, inspector: Actor, version: forms.FormVersion) -> forms.Response:
    return forms.begin(inspector, version, tree.school, PURPOSE)


def passing(*questions: str) -> list[forms.AnswerIn]:
    """A pass for each question."""
    return [forms.AnswerIn(question, "pass") for question in questions]
