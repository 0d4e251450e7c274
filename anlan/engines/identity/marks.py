"""Marks every view carries: open to everybody, for any signed-in person, or for holders of a right
(MLPS.09).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase

from anlan.engines.org.api import require

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=Callable[..., Any])


def public(view: V) -> V:
    """Mark a view as open to everybody."""
    view.anlan_public = True  # type: ignore[attr-defined]
    return view


def personal(view: V) -> V:
    """Mark a view as open to every signed-in person: it shows the person's own matters only."""
    view.anlan_personal = True  # type: ignore[attr-defined]
    return view


def needs(permission: str) -> Callable[[View], View]:
    """Declare and enforce the right a view needs; Forbidden without it."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.user, permission)
            return view(request, *args, **kwargs)

        guarded.anlan_permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def declared(view: Any) -> bool:
    """Whether the view says who may enter."""
    return any(hasattr(view, f"anlan_{mark}") for mark in ("public", "personal", "permission"))
