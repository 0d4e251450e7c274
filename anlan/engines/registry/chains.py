"""Chains on pages: the step before and after a record, and the report of chains that stand still (X.2)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.org.api import OrgUnit, Record, declare_permission, may, require
from anlan.engines.registry.access import MASKED, rows
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledger_of
from anlan.engines.workflow.api import link_of, links, stall_days
from anlan.kernel import clock
from anlan.shell.parts import View

STALLED = declare_permission(
    "chains.stalled.view",
    "停滞链条：查看",
    ("bureau_safety", "bureau_leader", "team_admin", "township_officer", "school_safety", "school_head"),
).code
URL, SHOWN, MOST = "/chains/stalled/", 30, 300


@dataclass(frozen=True)
class Neighbour:
    """A record beside another one; without address for whoever may not see it, and then without its name."""

    kind: str
    title: str
    url: str
    tone: str = ""
    state: str = ""


def neighbours(user: Any, record: Record) -> dict[str, list[Neighbour]] | None:
    """What the record came from and what came of it; None where nothing is linked."""
    link = link_of(type(record))
    if link is None:
        return None
    found = {
        "before": [_shown(user, one) for one in list(link.before(record))[:SHOWN]],
        "after": [_shown(user, one) for one in list(link.after(record))[:SHOWN]],
    }
    return found if any(found.values()) else None


def _shown(user: Any, record: Record) -> Neighbour:
    ledger = ledger_of(type(record))
    kind = str(record._meta.verbose_name)
    if ledger is None or not may(user, ledger.permission("view")):
        return Neighbour(kind, "", "")
    row = rows(ledger, user).filter(pk=record.pk).first()
    if row is None:
        return Neighbour(kind, "", "")
    tone, state = _state(row)
    return Neighbour(kind, _name(ledger, row), ledger.url_of(row), tone, state)


def _name(ledger: Ledger, row: Any) -> str:
    return str(MASKED.plain(ledger.column_data[0], row) or row)


def _state(row: Any) -> tuple[str, str]:
    if hasattr(row, "state_shown"):
        return row.state_shown.tone, row.state_shown.title
    return (row.tone, row.state_title) if hasattr(row, "state_title") else ("", "")


@dataclass(frozen=True)
class Stalled:
    """A record that waits, and for how many days nothing moved."""

    kind: str
    title: str
    unit: str
    url: str
    tone: str
    state: str
    days: int


@require_safe
def stalled(request: HttpRequest) -> HttpResponse:
    """Every chain without movement for longer than the limit, as far as the person may see its records."""
    found = require(request.user, STALLED)
    unit = OrgUnit.objects.get(path=min(found.paths, key=len))
    limit, wanted = stall_days(unit), request.GET.get("kind", "")
    everything = {name: _stalled(request.user, name, limit) for name in links.codes()}
    titles = {name: str(links[name].model._meta.verbose_name) for name, items in everything.items() if items}
    items = sorted(
        (item for name, part in everything.items() if wanted in ("", name) for item in part),
        key=lambda item: -item.days,
    )
    total = sum(map(len, everything.values()))
    views = [View("全部", URL, total, not wanted)]
    views += [
        View(title, f"{URL}?kind={name}", len(everything[name]), wanted == name)
        for name, title in titles.items()
    ]
    lede = f"{total} 条超过 {limit} 天没有进展" if total else f"没有超过 {limit} 天不动的事项"
    context = {"title": "停滞链条", "lede": lede, "views": views, "items": items, "limit": limit}
    return render(request, "registry/stalled.html", context)


def _stalled(user: Any, name: str, limit: int) -> list[Stalled]:
    link = links[name]
    ledger = ledger_of(link.model)
    if link.awaiting is None or ledger is None or not may(user, ledger.permission("view")):
        return []
    return [_row(ledger, row) for row in link.stalled(rows(ledger, user), limit)[:MOST]]


def _row(ledger: Ledger, row: Any) -> Stalled:
    tone, state = _state(row)
    days = (clock.now() - row.updated_at).days
    kind = str(row._meta.verbose_name)
    return Stalled(kind, _name(ledger, row), str(row.org), ledger.url_of(row), tone, state, days)
