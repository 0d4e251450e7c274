"""Looking up what a relation offers: searched, narrowed and paged on the server, for the picker of the forms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from anlan.engines.registry.known import ledger_of
from anlan.kernel.registry import Registry
from anlan.shell.parts import Filter
from anlan.shell.picking import narrow_by

SHOWN, WHOLE = 20, 2000
BY_UNIT = ("unit__path", "name", "pk")
PLAIN = ("name", "title", "short_name", "code", "username")


def _nothing(row: Any) -> str:
    return ""


def _no_filters(user: Any) -> Sequence[Filter]:
    return ()


def _as_it_is(rows: Any, query: QueryDict) -> Any:
    return rows


@dataclass(frozen=True)
class Finder:
    """How rows of a model are found: ``search(word)`` is the condition, ``note(row)`` the grey words,
    ``filters(user)`` what narrows, ``narrow(rows, query)`` the narrowing, ``joined`` relations of the note,
    ``order`` what comes first (default: the model's own order).
    """

    search: Callable[[str], Q]
    note: Callable[[Any], str] = _nothing
    filters: Callable[[Any], Sequence[Filter]] = _no_filters
    narrow: Callable[[Any, QueryDict], Any] = _as_it_is
    joined: str = ""
    order: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it has filters of its own."""
        return self.filters is not _no_filters


finders: Registry[Finder] = Registry("finder")


def find_by(model: type[models.Model], finder: Finder) -> None:
    """Let pickers find rows of ``model`` this way."""
    finders.add(model._meta.label_lower, finder)
    narrow_by(model, finder.filters)


def finder_of(model: type[models.Model]) -> Finder:
    """The declared finder; else names, titles and codes, or what the ledger of the model searches."""
    declared = finders.get(model._meta.label_lower)
    if declared is not None:
        return declared
    names = _names(model)
    if hasattr(model, "USERNAME_FIELD"):
        return Finder(
            _search([*names, "unit__name"]), lambda row: str(row.unit or ""), joined="unit", order=BY_UNIT
        )
    return Finder(_search(names))


def _names(model: type[models.Model]) -> list[str]:
    ledger = ledger_of(model)
    if ledger is not None and ledger.search_names:
        return [name for name in ledger.search_names if name not in ledger.masked]
    return [name for name in PLAIN if _has(model, name)]


def _has(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _search(names: list[str]) -> Callable[[str], Q]:
    def condition(word: str) -> Q:
        found = Q(pk__in=[])
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        return found

    return condition


@dataclass(frozen=True)
class Found:
    """One page of a lookup, as the picker reads it."""

    rows: list[dict[str, Any]]
    total: int


def look_up(offered: Any, query: QueryDict, key: str = "pk") -> Found:
    """What ``offered`` holds for ``q`` and the narrowing values: page ``page``, or with ``all`` every one.

    ``key`` is the field that the values are taken from.
    """
    finder = finder_of(offered.model)
    rows = finder.narrow(offered, query)
    for word in query.get("q", "").replace("\x00", "").split()[:4]:
        rows = rows.filter(pk__in=offered.model._base_manager.filter(finder.search(word)).values("pk"))
    total = rows.order_by().values("pk").distinct().count()
    shown = rows.order_by(*(finder.order or _order(offered.model))).distinct()
    shown = shown.select_related(*finder.joined.split()) if finder.joined else shown
    first, last = (0, WHOLE) if query.get("all") else _span(query)
    found = [
        {"value": getattr(row, key), "label": str(row), "note": finder.note(row)} for row in shown[first:last]
    ]
    return Found(found, total)


def _order(model: type[models.Model]) -> list[str]:
    return [*(model._meta.ordering or ()), "pk"]  # type: ignore[list-item]


def _span(query: QueryDict) -> tuple[int, int]:
    said = query.get("page", "")
    page = max(1, int(said)) if said.isdecimal() and len(said) < 6 else 1
    return (page - 1) * SHOWN, page * SHOWN
