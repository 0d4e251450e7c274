"""A small province and people who sign in with a password."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from anlan.engines.identity.api import User
from tests.factories import Tree, a_tree, a_user

PASSWORD = "Lang-7731-tide"


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def teacher(tree: Tree) -> User:
    """Somebody of the first school with a password that may be used."""
    user = a_user("school_safety", tree.school, username="linyi", name="林一", phone="13900000001")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def knock(client: Client) -> Callable[..., HttpResponse]:
    """One try at the sign-in page."""

    def try_once(name: str = "linyi", password: str = PASSWORD, **extra: Any) -> Any:
        return client.post("/sign-in/", {"username": name, "password": password}, **extra)

    return try_once
