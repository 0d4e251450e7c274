"""A county with a company, two schools and the people who keep their guards."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anlan.domains.guards.bodies import Body, Contract
from anlan.domains.guards.people import Guard
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.identity.api import User
from anlan.kernel import clock
from anlan.kernel.identifiers import citizen_check, credit_check, organisation_check
from tests.factories import Tree, a_tree, a_user, sign_in

TODAY = date(2026, 9, 9)


def identity(number: int, born: date = date(1980, 5, 1)) -> str:
    """A number with its check digit."""
    stem = f"350582{born:%Y%m%d}{number:03d}"
    return stem + citizen_check(stem)


def credit_code(number: int) -> str:
    """A credit code with right check characters."""
    stem = f"91350582MB{number:06d}"
    code = stem + organisation_check(stem[8:16])
    return code + credit_check(code)


class Gate:
    """A county with a company, two schools and the people who keep their guards."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.safety = a_user("school_safety", self.tree.school, name="何老师")
        self.sister = a_user("school_safety", self.tree.sister_school, name="李老师")
        self.company = self.body("平安保安", 1)

    def body(self, name: str, number: int, days: int = 300, **said: Any) -> Body:
        """A company entered by the county."""
        until = clock.today() + timedelta(days=days)
        values = {"org": self.tree.county, "kind": "company", "credit_code": credit_code(number), **said}
        return create(SYSTEM, Body(name=name, licence_number="BA1", licence_until=until, **values))

    def guard(self, number: int, **said: Any) -> Guard:
        """A guard with a clear background check."""
        values = {"org": self.tree.school, "body": self.company, "background": "clear", "checked_on": TODAY}
        values |= {
            "name": f"保安{number}",
            "identity": identity(number),
            "joined_on": date(2026, 1, 1),
            **said,
        }
        return create(SYSTEM, Guard(**values))

    def contract(self, **said: Any) -> Contract:
        """A contract of the year."""
        values = {"org": self.tree.school, "body": self.company, "guards": 2, "starts_on": date(2026, 1, 1)}
        return create(SYSTEM, Contract(**{**values, "ends_on": date(2026, 12, 31), **said}))


@pytest.fixture
def gate(db: None) -> Iterator[Gate]:
    with clock.moved(datetime.combine(TODAY, time(9), clock.zone())):
        yield Gate()


def listed(user: User, query: str) -> list[dict[str, Any]]:
    """Rows of a list as the API gives them."""
    found: list[dict[str, Any]] = sign_in(Client(), user).get(f"/api/guards/{query}").json()["results"]
    return found


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
