"""Addresses of campus safety beside those of its ledgers."""

from django.urls import path

from anlan.domains.safety import field_pages, notice_pages, special_pages, wall

urlpatterns = [
    path("safety/wall/", wall.screen, name="safety-wall"),
    path("safety/field/", field_pages.app, name="safety-field"),
    path("safety/field/sw.js", field_pages.worker, name="safety-field-worker"),
    path("safety/field/tasks.json", field_pages.tasks, name="safety-field-tasks"),
    path("safety/field/tasks/<int:pk>/sheet", field_pages.sheet, name="safety-field-sheet"),
    path("safety/received-notices/of/<int:pk>/", notice_pages.mine, name="notice-mine"),
    path("safety/notices/<int:pk>/replies.zip", notice_pages.replies, name="notice-replies"),
    path("safety/special-parts/<int:pk>/judge/<slug:level>", special_pages.write, name="special-judge"),
    path("safety/special-parts/<int:pk>/hazard/<int:result>", special_pages.to_hazard, name="special-hazard"),
]
