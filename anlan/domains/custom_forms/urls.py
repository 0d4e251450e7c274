"""Addresses of collecting data beside those of its ledgers."""

from django.urls import path

from anlan.domains.custom_forms import pages

urlpatterns = [
    path("custom-forms/plans/<int:pk>/summary/", pages.summary, name="collection-summary"),
    path("custom-forms/plans/<int:pk>/summary/export/", pages.export, name="collection-export"),
    path("custom-forms/plans/<int:pk>/cells/<slug:uid>/", pages.cell, name="collection-cell"),
    path("custom-forms/tasks/<int:pk>/reports/<int:number>/", pages.report, name="collection-report"),
]
