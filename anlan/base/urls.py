"""Addresses of the base floor beside those of its ledgers."""

from django.urls import path

from anlan.base import (
    catalogue_pages,
    code_pages,
    commanding,
    personal_pages,
    personnel,
    risk_figures,
    unit_figure_pages,
)
from anlan.base.picking import pick

urlpatterns = [
    path("command/", commanding.page, name="command"),
    path("base/schools/pick", pick, name="pick_schools"),
    path("base/codes/", code_pages.page, name="codes"),
    path("base/codes/<slug:table>/new", code_pages.new, name="new_code"),
    path("base/codes/<str:key>/edit", code_pages.edit, name="edit_code"),
    path("base/data-catalogue/", catalogue_pages.page, name="data_catalogue"),
    path("base/personal-data/", personal_pages.page, name="personal_data"),
    path("base/personnel/", personnel.page, name="personnel"),
    path("base/risk-figures/", risk_figures.page, name="risk_figures"),
    *unit_figure_pages.addresses(),
]
