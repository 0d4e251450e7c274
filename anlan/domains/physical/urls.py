"""Addresses of physical protection beside those of its ledgers."""

from django.urls import path

from anlan.domains.physical import maintenance_costs, totals

urlpatterns = [
    path("physical/totals/", totals.page, name="protection-totals"),
    path("physical/maintenance-costs/", maintenance_costs.page, name="maintenance-costs"),
]
