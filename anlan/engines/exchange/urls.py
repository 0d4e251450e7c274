"""Addresses of the exchange engine; every ledger's import begins under its own address."""

from django.urls import path

from anlan.engines.exchange import pages
from anlan.engines.registry.api import ledgers

urlpatterns = [
    path("imports/of/<str:code>/", pages.start, name="import-start"),
    path("imports/of/<str:code>/template", pages.blank, name="import-template"),
    path("imports/<uuid:uid>/", pages.show, name="import-session"),
    path("imports/<uuid:uid>/confirm", pages.confirm, name="import-confirm"),
    path("imports/<uuid:uid>/cancel", pages.give_up, name="import-cancel"),
    path("imports/<uuid:uid>/errors", pages.errors, name="import-errors"),
    *(path(f"{ledger.url.lstrip('/')}import", pages.start, {"code": ledger.code}) for ledger in ledgers),
]
