"""What somebody who left puts on the desk of the head (X.23)."""

from collections.abc import Iterator
from typing import Any

from anlan.base.leaving import fill_vacancies
from anlan.base.people import Person, leave
from anlan.domains.supplies.stocks import Stock
from anlan.engines.audit.api import SYSTEM, Actor, create
from tests.safety.conftest import County


def vacancies(county: County) -> Iterator[tuple[Any, str]]:
    """Somebody has to be named for what the person did."""
    unit, head = county.units["school"], county.person("head", "school_head", "school")
    gone, here = (create(SYSTEM, Person(org=unit, name=name)) for name in ("周离岗", "吴接替"))
    create(SYSTEM, Stock(org=unit, name="急救包", kind="first_aid", place="卫生室", keeper=gone))
    leave(SYSTEM, gone)
    yield head, "act/replace"
    fill_vacancies(Actor.person(head, "web"), gone, here)
