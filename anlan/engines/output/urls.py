"""Addresses of the output engine; every ledger has its exports and papers under its own address."""

from django.urls import URLPattern, path

from anlan.engines.output import checking, file_prints, labels, pages, sheets, word_pages
from anlan.engines.registry.api import Ledger, ledgers


def _of(ledger: Ledger) -> list[URLPattern]:
    base, said = ledger.url.lstrip("/"), {"code": ledger.code}
    return [
        path(f"{base}export", pages.export, said),
        path(f"{base}export/choose", pages.choose, said),
        path(f"{base}export/full", pages.export_full, said),
        path(f"{base}pdf", pages.records_pdf, said),
        path(f"{base}<int:pk>/pdf", pages.record_pdf, said),
        path(f"{base}word", word_pages.records_word, said),
        path(f"{base}<int:pk>/word", word_pages.record_word, said),
        *([path(f"{base}labels", labels.labels_pdf, said)] if ledger.labels else []),
    ]


urlpatterns = [
    path("exports/", pages.index, name="exports"),
    path("exports/<uuid:uid>/drop", pages.drop, name="export-drop"),
    path("exports/<uuid:uid>", pages.fetch, name="export-fetch"),
    path("prints/<uuid:uid>", file_prints.print_file, name="print-file"),
    path("forms/responses/<uuid:uid>/pdf", sheets.response_pdf, name="forms-response-pdf"),
    path("word/<str:code>/", word_pages.templates, name="word-templates"),
    path("word/<str:code>/starter", word_pages.starting, name="word-starter"),
    path("verify/<str:token>/", checking.verify, name="verify"),
    *(pattern for ledger in ledgers for pattern in _of(ledger)),
]
