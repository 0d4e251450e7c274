"""Addresses of the safety organisation beside those of its ledgers."""

from django.urls import path

from anlan.domains.organisation import pages

urlpatterns = [
    path("organisation/structure/", pages.structure, name="organisation-structure"),
    path("organisation/structure/<int:pk>/", pages.structure, name="organisation-structure-of"),
]
