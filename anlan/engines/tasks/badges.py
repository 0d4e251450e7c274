"""The numbers of the to-do list: one function for every badge on computer and phone (D11.4, X.5)."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.http import HttpRequest

from anlan.engines.tasks.todos import todos_for
from anlan.kernel import clock


@dataclass(frozen=True)
class Badges:
    """Open matters of a person: all, those past their deadline, and by the model they are about."""

    total: int = 0
    late: int = 0
    by_model: dict[str, int] = field(default_factory=dict)


def badges(user: Any) -> Badges:
    """Count the person's to-dos; the total is the length of the list."""
    rows = list(todos_for(user).values_list("model", "due_at"))
    now = clock.now()
    late = sum(1 for _, due_at in rows if due_at is not None and due_at < now)
    return Badges(len(rows), late, dict(Counter(model for model, _ in rows)))


def badges_of(request: HttpRequest) -> Badges:
    """The numbers for a page, counted once per request."""
    counted: Badges | None = request.__dict__.get("_badges")
    if counted is None:
        counted = request.__dict__["_badges"] = badges(request.user)
    return counted


def matter_title(model: str) -> str:
    """What a model's to-dos are about, in words."""
    return str(apps.get_model(model)._meta.verbose_name)
