"""What every module knows about a person, gathered on the person's page (X.23, D01.12)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from anlan.base.people import Person
from anlan.kernel.registry import Registry

Fill = Callable[[HttpRequest, Person], dict[str, Any] | None]


@dataclass(frozen=True)
class PersonBlock:
    """One part of the page: its words, its template, and what fills it (None leaves it out)."""

    code: str
    title: str
    template: str
    fill: Fill


person_blocks: Registry[PersonBlock] = Registry("person block")


def person_block(code: str, title: str, template: str) -> Callable[[Fill], Fill]:
    """Decorator: the function fills a part of the person's page; domains add duty, tasks, training and so on."""

    def register(fill: Fill) -> Fill:
        person_blocks.add(code, PersonBlock(code, title, template, fill))
        return fill

    return register


def blocks_of(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    """The parts with something to show."""
    filled = [(block, block.fill(request, person)) for block in person_blocks]
    return [
        {"code": block.code, "title": block.title, "template": block.template, **context}
        for block, context in filled
        if context is not None
    ]
