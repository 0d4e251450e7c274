"""Addresses of site security beside those of its ledgers."""

from django.urls import path

from anlan.domains.site_security import building, compliance, device_figures, pages, tech_gap_page

urlpatterns = [
    path("site-security/surveys/<int:pk>/kinds/<int:kind>/", pages.sheet, name="site-sheet"),
    path("site-security/compliance/", compliance.page, name="site-compliance"),
    path("site-security/building/", building.page, name="site-building"),
    path("site-security/device-figures/", device_figures.page, name="site-device-figures"),
    path("site-security/tech-gaps/", tech_gap_page.page, name="site-tech-gaps"),
]
