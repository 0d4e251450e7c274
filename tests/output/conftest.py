"""Lamps of two schools, and people who look at them."""

from pathlib import Path
from typing import Any

import pytest

from anlan.engines.audit.api import Actor, create
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.sample.lamps import Lamp


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def keeper(tree: Tree) -> Any:
    return a_user("lamp_keeper", tree.township)


@pytest.fixture
def master(tree: Tree) -> Any:
    return a_user("lamp_master", tree.township)


@pytest.fixture
def mine(client: Any, keeper: Any) -> Any:
    return sign_in(client, keeper)


@pytest.fixture
def lamps(tree: Tree, keeper: Any) -> list[Lamp]:
    """Three lamps in the township, one elsewhere."""
    actor = Actor.person(keeper)
    said = {"keeper": "王小明", "phone": "13859700001", "watts": 8, "bought_on": "2026-03-01", "spare": True}
    return [
        create(actor, Lamp(org=unit, code=f"D-{number}", place=place, **said))
        for number, (unit, place) in enumerate(
            [
                (tree.school, "=东侧"),
                (tree.school, "西侧"),
                (tree.sister_school, "门厅"),
                (tree.far_school, "远处"),
            ]
        )
    ]


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"
