"""Addresses of the engine: one set for every process."""

from django.urls import path

from anlan.engines.rounds import analysis_pages, desk_pages, item_pages, score_pages, tree_pages

urlpatterns = [
    path("evaluations/<slug:process>/entries/<int:pk>/", item_pages.page, name="rounds-item"),
    path("evaluations/<slug:process>/desk/", desk_pages.desk, name="rounds-desk"),
    path("evaluations/<slug:process>/desk/<int:pk>/", desk_pages.sheet_page, name="rounds-sheet"),
    path(
        "evaluations/<slug:process>/desk/<int:pk>/submit",
        desk_pages.turn,
        {"verb": "submit"},
        name="rounds-submit",
    ),
    path(
        "evaluations/<slug:process>/desk/<int:pk>/take-back",
        desk_pages.turn,
        {"verb": "take-back"},
        name="rounds-take-back",
    ),
    path("evaluations/<slug:process>/rounds/<int:pk>/scores", score_pages.page, name="rounds-scores"),
    path("evaluations/<slug:process>/rounds/<int:pk>/analysis", analysis_pages.page, name="rounds-analysis"),
    path("evaluations/<slug:process>/schemes/<int:pk>/sheet", tree_pages.download, name="rounds-tree"),
]
