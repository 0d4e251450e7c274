"""Addresses of the safety ledgers beside those of their registers."""

from django.urls import path

from anlan.domains.accounts import pages

urlpatterns = [
    path("accounts/completeness/", pages.overview, name="accounts-overview"),
    path("accounts/schools/<int:pk>/", pages.school, name="accounts-school"),
    path("accounts/schools/<int:pk>/sections/<int:section>/", pages.section_page, name="accounts-section"),
]
