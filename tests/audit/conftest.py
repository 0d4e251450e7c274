"""A small province, an auditor of it, and somebody who works."""

import pytest

from anlan.engines.audit.api import Actor
from tests.factories import Tree, a_tree, a_user


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def auditor(tree: Tree):
    return a_user("auditor", tree.province, name="审计员")


@pytest.fixture
def worker(tree: Tree):
    return a_user("unit_admin", tree.county, name="林一")


@pytest.fixture
def actor(worker) -> Actor:
    return Actor.person(worker, "web")
