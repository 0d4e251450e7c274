"""Addresses of campus safety beside those of its ledgers."""

from django.urls import path

from anlan.domains.safety import check_pages, special_pages

urlpatterns = [
    path("safety/inspections/<int:pk>/check", check_pages.check, name="safety-check"),
    path("safety/special-parts/<int:pk>/judge/<slug:level>", special_pages.write, name="special-judge"),
    path("safety/special-parts/<int:pk>/hazard/<int:result>", special_pages.to_hazard, name="special-hazard"),
]
