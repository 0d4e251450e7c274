"""Addresses of campus safety beside those of its ledgers."""

from django.urls import path

from anlan.domains.safety import (
    field_outbox,
    field_pages,
    notice_pages,
    patrol_pages,
    patrol_query,
    proposal_pages,
    quick_pages,
    special_analysis,
    special_pages,
    unfinished,
    wall,
)

urlpatterns = [
    path("safety/wall/", wall.screen, name="safety-wall"),
    path("safety/wall/outline.json", wall.outline, name="safety-wall-outline"),
    path("safety/proposals/", proposal_pages.page, name="safety-proposals"),
    path("safety/proposals/<int:pk>/<slug:verdict>", proposal_pages.decide, name="safety-proposal"),
    path("safety/quick/new", quick_pages.new, name="safety-quick-new"),
    path("safety/unfinished/", unfinished.schools, name="safety-unfinished"),
    path("safety/unfinished/<int:pk>/", unfinished.school, name="safety-unfinished-school"),
    path("safety/patrol/", patrol_pages.begin, name="safety-patrol"),
    path("safety/special-analysis/", special_analysis.page, name="special-analysis"),
    path("safety/patrol-query/", patrol_query.page, name="patrol-query"),
    path("safety/field/", field_pages.app, name="safety-field"),
    path("safety/field/sw.js", field_pages.worker, name="safety-field-worker"),
    path("safety/field/tasks.json", field_pages.tasks, name="safety-field-tasks"),
    path("safety/field/outbox", field_outbox.take_in, name="safety-field-outbox"),
    path("safety/field/tasks/<int:pk>/sheet", field_pages.sheet, name="safety-field-sheet"),
    path("safety/received-notices/of/<int:pk>/", notice_pages.mine, name="notice-mine"),
    path("safety/notices/<int:pk>/replies.zip", notice_pages.replies, name="notice-replies"),
    path("safety/special-parts/<int:pk>/hazard/<int:result>", special_pages.to_hazard, name="special-hazard"),
]
