"""Units, people and lamps of the registry's tests."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anlan.engines.audit.api import Actor
from anlan.engines.registry.known import ledgers
from anlan.engines.registry.saving import add
from tests.factories import Tree, a_tree, a_user, sign_in

LAMP = {"code": "D-1", "place": "一号楼", "keeper": "王小明", "phone": "13859700001", "watts": 8}


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def keeper(tree: Tree) -> Any:
    """Keeps the lamps of one school."""
    return a_user("lamp_keeper", tree.school, name="林保管")


@pytest.fixture
def master(tree: Tree) -> Any:
    """Looks after the lamps of a county."""
    return a_user("lamp_master", tree.county, name="陈主管")


@pytest.fixture
def guest(tree: Tree) -> Any:
    """May look at the lamps of a county."""
    return a_user("lamp_guest", tree.county, name="客人")


@pytest.fixture
def lamp(tree: Tree) -> Callable[..., Any]:
    """Stores a lamp: ``lamp(unit, code="D-2")``."""
    system = a_user("lamp_keeper", tree.province, name="登记员")

    def make(unit: Any = None, **values: Any) -> Any:
        stored = {**LAMP, "org": unit or tree.school, **values}
        return add(Actor.person(system), ledgers["sample.lamps"], stored)

    return make


@pytest.fixture
def enter() -> Callable[[Any], Client]:
    """A client with this person signed in."""
    return lambda user: sign_in(Client(), user)


@pytest.fixture
def photo() -> Callable[[], SimpleUploadedFile]:
    """A small picture as a phone sends it."""

    def make() -> SimpleUploadedFile:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "navy").save(out, "JPEG")
        return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")

    return make
