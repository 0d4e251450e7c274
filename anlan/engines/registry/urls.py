"""Addresses of every declared ledger, and its place in the navigation."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from anlan.engines.org.api import SEE_SHARES
from anlan.engines.registry import chains
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.interface.api import patterns
from anlan.engines.registry.keys import ADD
from anlan.engines.registry.known import ledgers
from anlan.engines.registry.pages import (
    acts,
    bulk,
    choosing,
    keys,
    labels,
    leaving,
    lists,
    moving,
    records,
    reports,
    shares,
    views,
    writing,
)
from anlan.engines.registry.preferences import REPORT
from anlan.shell.navigation import Page, add_page, areas


def _patterns(ledger: Ledger) -> list[URLPattern]:
    def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        return path(route, partial(view, ledger=ledger), name=name)

    return [
        page("", lists.page, "list"),
        page("columns", lists.columns, "columns"),
        page("views", views.page, "views"),
        page("views/<int:pk>", views.change, "view"),
        page("report", reports.page, "report"),
        page("report/export", reports.export, "report_export"),
        page("report/views", partial(views.page, about=REPORT), "report_views"),
        *([] if ledger.own_form else [page("new", writing.new, "new")]),
        page("choose/<slug:name>", choosing.page, "choose"),
        page("check/<slug:name>", leaving.page, "check"),
        page("bulk", bulk.page, "bulk"),
        page("bulk/<int:pk>", bulk.outcome, "outcome"),
        page("<int:pk>/", records.page, "detail"),
        page("<int:pk>/edit", writing.edit, "edit"),
        page("<int:pk>/print", records.print_page, "print"),
        page("<int:pk>/unmask", records.unmask, "unmask"),
        page("<int:pk>/archive", moving.archive, "archive"),
        page("<int:pk>/move/<slug:name>", moving.move, "move"),
        page("<int:pk>/approve/<slug:name>", moving.approve, "approve"),
        page("<int:pk>/act/<slug:name>", acts.page, "act"),
        page("<int:pk>/act/<slug:act>/choose/<slug:name>", choosing.of_act, "act_choose"),
        *([page("q/<uuid:uid>", labels.page, "label")] if ledger.labels else []),
    ]


def _addresses(ledger: Ledger) -> URLResolver:
    return path(ledger.url.lstrip("/"), include((_patterns(ledger), ledger.code), namespace=ledger.code))


def _place(ledger: Ledger) -> None:
    if ledger.area in areas:
        group, badge = ledger.group or "台账", ledger.badge or None
        add_page(
            Page(ledger.area, group, ledger.title, ledger.url, ledger.permission("view"), badge, ledger.order)
        )


for item in ledgers:
    _place(item)
KEYS = [
    path("account/keys/", keys.keys, name="api_keys"),
    path("account/keys/new/", keys.key_new, name="api_key_new"),
    path("account/keys/<int:pk>/", keys.key, name="api_key"),
    path("account/keys/<int:pk>/revoke/", keys.key_revoke, name="api_key_revoke"),
]
add_page(Page("system", "账号与权限", "接口密钥", "/account/keys/", ADD, order=907))
SHARES = [
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.share_new, name="share_new"),
    path("shares/<int:pk>/", shares.share, name="share"),
    path("shares/<int:pk>/end/", shares.share_end, name="share_end"),
]
add_page(Page("base", "协同", "部门共享", "/shares/", SEE_SHARES, order=210))
urlpatterns: list[URLPattern | URLResolver] = [
    *KEYS,
    *SHARES,
    path("choose/<slug:code>/", choosing.lookup, name="lookup"),
    path(chains.URL.lstrip("/"), chains.stalled, name="chains-stalled"),
    *(_addresses(item) for item in ledgers),
    *patterns(),
]
