"""What tasks that people give each other put on desks (D11.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.tasks.api import Extension, accept, decide_extension, request_extension, start, submit
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.tasks.conftest import MONDAY, Office, at


def school_task(county: County) -> Iterator[tuple[Any, str]]:
    """A task a head gives: accepted and handed in."""
    office = Office()
    task = office.own()
    yield office.anna, "accept"
    anna = Actor.person(office.anna, "phone")
    with clock.moved(at(MONDAY, 12)):
        submit(anna, start(anna, accept(anna, task)), {"text": "完成"})


def later(county: County) -> Iterator[tuple[Any, str]]:
    """More time is asked for a task."""
    office = Office()
    task = office.own()
    with clock.moved(at(MONDAY, 12)):
        anna = Actor.person(office.anna, "phone")
        request_extension(anna, task, at(MONDAY.replace(day=22), 17), "来不及")
    yield office.head, "extension"
    decide_extension(Actor.person(office.head, "web"), task, Extension.objects.get(), approve=True)
