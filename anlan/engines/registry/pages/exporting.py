"""Exporting a list as filtered: what leaves, in which columns, by whom and why is written down."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import may, require
from anlan.engines.registry.access import CLEAR, MASKED, Eyes, may_unmask
from anlan.engines.registry.data import Datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.listing import Listing
from anlan.engines.registry.outputs import writers
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected
from anlan.shell.parts import Crumb

LIMIT = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """Say what will leave and ask for the format (GET); send the file (POST)."""
    require(request.user, ledger.permission("export"))
    listing = Listing(ledger, request.user, request.GET, "export")
    return _send(request, listing) if request.method == "POST" else _ask(request, listing)


def _ask(request: HttpRequest, listing: Listing) -> HttpResponse:
    ledger = listing.ledger
    context = {
        "ledger": ledger,
        "writers": writers,
        "total": listing.total,
        "columns": ledger.column_data,
        "masked": [item.title for item in ledger.column_data if item.mask],
        "may_unmask": bool(ledger.masked) and may(request.user, ledger.permission("unmask")),
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb("导出")],
    }
    return render(request, "registry/export.html", context)


def _send(request: HttpRequest, listing: Listing) -> HttpResponse:
    ledger, said = listing.ledger, request.POST
    writer = writers.get(said.get("format", "csv"))
    if writer is None:
        raise Rejected({"format": "请选择文件格式"})
    if listing.total > LIMIT:
        raise Rejected({"": f"一次最多导出 {LIMIT:,} 条，请先加筛选条件"})
    reason, full = said.get("reason", "").strip(), bool(said.get("full"))
    if full and not may(request.user, ledger.permission("unmask")):
        raise Forbidden(ledger.permission("unmask"))
    if full and not reason:
        raise Rejected({"reason": "导出完整个人信息要写明理由"})
    actor = Actor.of(request, reason=reason)
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    heads = [item.title for item in ledger.column_data]
    rows = list(_rows(listing, request.user, full))
    after = {"rows": len(rows), "columns": heads, "query": request.GET.urlencode(), "full": full}
    log(actor, "export", None, title=ledger.title, after=after | {"ledger": ledger.code})
    response = HttpResponse(writer.write(ledger.title, heads, rows, note), content_type=writer.content_type)
    name = quote(f"{ledger.title}-{clock.today():%Y%m%d}.{writer.code}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(listing: Listing, user: Any, full: bool) -> Iterator[list[Any]]:
    ledger = listing.ledger
    for row in listing.sorted.iterator():
        clear = full and may_unmask(ledger, user, row)
        yield [_cell(item, row, CLEAR if clear else MASKED) for item in ledger.column_data]


def _cell(item: Datum, row: Any, eyes: Eyes) -> Any:
    value = eyes.plain(item, row)
    return ("是" if value else "否") if isinstance(value, bool) else value
