"""Schools and people of the test tree."""

from collections.abc import Iterator

import pytest

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.engines.audit.api import SYSTEM, create
from tests.factories import Tree, a_tree, a_user


@pytest.fixture(scope="session", autouse=True)
def beside_the_browser() -> Iterator[None]:
    """Let the database be set up while the browser's loop already runs in this thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def schools(tree: Tree) -> dict[str, School]:
    """Profiles of the four schools by unit code."""
    facts = {
        "S1": ("池店一小", "primary", "public", tree.township),
        "S2": ("池店二小", "primary", "private", tree.township),
        "S3": ("陈埭中学", "junior", "public", tree.other_township),
        "S4": ("南安一中", "senior", "public", None),
    }
    return {
        code: create(
            SYSTEM,
            School(
                org=tree[code],
                name=name,
                kind=kind,
                nature_id=f"school_nature.{nature}",
                town=town,
                pupils=400,
                code=f"{'21' if kind == 'primary' else '31'}3500{code[1:]:0>4}",
            ),
        )
        for code, (name, kind, nature, town) in facts.items()
    }


@pytest.fixture
def person(tree: Tree):
    """Makes a person with an account at a unit."""

    def make(name: str, unit: str = "S1", phone: str = "") -> Person:
        return create(
            SYSTEM, Person(org=tree[unit], name=name, phone=phone, account=a_user(unit=tree[unit], name=name))
        )

    return make
