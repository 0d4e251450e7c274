"""Addresses of the library beside those of its ledgers."""

from django.urls import path

from anlan.engines.library import import_pages, reader_pages, search_pages

urlpatterns = [
    path("library/search/", search_pages.page, name="library-search"),
    path("library/import/", import_pages.page, name="library-import"),
    path("library/documents/<int:pk>/read", reader_pages.read, name="library-read"),
    path("library/documents/<int:pk>/editions/<int:number>/", reader_pages.edition, name="library-edition"),
    path(
        "library/documents/<int:pk>/editions/<int:number>/restore",
        reader_pages.take_back,
        name="library-restore",
    ),
    path("library/links/add", search_pages.add_link, name="library-link"),
    path("library/links/<int:pk>/remove", search_pages.remove_link, name="library-unlink"),
]
