"""A record of a school, the people around it, and who may read its files."""

from pathlib import Path
from typing import Any

import pytest

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.readers import readers
from anlan.engines.org.api import may
from tests.factories import Tree, a_grant, a_role, a_tree, a_user
from tests.sample.lamps import Maker

VIEW = "tests.makers.view"


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def role(db: None) -> str:
    return a_role("maker_reader", VIEW).code


@pytest.fixture
def keeper(tree: Tree, role: str) -> Any:
    user = a_user(unit=tree.school)
    a_grant(user, role, tree.school)
    return user


@pytest.fixture
def stranger(tree: Tree, role: str) -> Any:
    user = a_user(unit=tree.far_school)
    a_grant(user, role, tree.far_school)
    return user


@pytest.fixture
def actor(keeper: Any) -> Actor:
    return Actor.person(keeper, "web")


@pytest.fixture
def record(tree: Tree, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """A record whose files are read by whoever may see its kind in its unit."""

    def may_read(user: Any, object_id: int) -> bool:
        return may(user, VIEW) and Maker.objects.visible(user, VIEW).filter(pk=object_id).exists()

    monkeypatch.setitem(readers._items, "sample.maker", may_read)
    return create(actor, Maker(org=tree.school, name="福建灯具厂"))


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def lying(shelf: Path) -> list[Path]:
    """Every file on the shelf."""
    return [path for path in shelf.rglob("*") if path.is_file()]
