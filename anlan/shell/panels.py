"""Panels an engine puts beside records of other floors, such as the clauses a record goes by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Panel:
    """``fill(request, record)`` gives what ``template`` reads; None leaves the panel out."""

    code: str
    title: str
    template: str
    fill: Callable[[HttpRequest, Any], dict[str, Any] | None]


panels: Registry[Panel] = Registry("panel beside records")


def add_panel(panel: Panel) -> Panel:
    """Put a panel beside records."""
    return panels.add(panel.code, panel)


def panels_of(request: HttpRequest, record: Any) -> list[dict[str, Any]]:
    """The panels of a record, as sections of its page."""
    found = []
    for panel in panels:
        context = panel.fill(request, record)
        if context is not None:
            html = render_to_string(panel.template, {"record": record, **context}, request)
            found.append({"title": panel.title, "id": f"{panel.code}-h", "html": html})
    return found
