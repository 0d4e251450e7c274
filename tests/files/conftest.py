"""A lamp of a school, the people around it, and who may read its files."""

from pathlib import Path
from typing import Any

import pytest

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.readers import readers
from anlan.engines.org.api import scope
from tests.factories import Tree, a_tree, a_user
from tests.sample.lamps import Lamp


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def keeper(tree: Tree) -> Any:
    return a_user("lamp_keeper", tree.school)


@pytest.fixture
def stranger(tree: Tree) -> Any:
    return a_user("lamp_keeper", tree.far_school)


@pytest.fixture
def actor(keeper: Any) -> Actor:
    return Actor.person(keeper, "web")


@pytest.fixture
def lamp(tree: Tree, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Lamp:
    """A lamp whose files are read by whoever sees lamps of its unit."""

    def may_read(user: Any, object_id: int) -> bool:
        found = scope(user, "sample.lamps.view")
        return bool(found) and Lamp.objects.visible(user, "sample.lamps.view").filter(pk=object_id).exists()

    monkeypatch.setitem(readers._items, "sample.lamp", may_read)
    return create(actor, Lamp(org=tree.school, code="D-1", place="东侧"))


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def lying(shelf: Path) -> list[Path]:
    """Every file on the shelf."""
    return [path for path in shelf.rglob("*") if path.is_file()]
