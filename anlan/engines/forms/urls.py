"""Addresses of the forms engine."""

from django.urls import path

from anlan.engines.forms import (
    bank_pages,
    builder_pages,
    exchanging,
    filling,
    form_pages,
    item_pages,
    reading,
)
from anlan.engines.forms.layouts import filling_pages
from anlan.engines.forms.layouts import pages as layout_pages

urlpatterns = [
    path("forms/", form_pages.index, name="forms-list"),
    path("forms/new/", form_pages.settings, name="forms-new"),
    path("forms/layouts/new/", layout_pages.new, name="forms-layout-new"),
    path("forms/<int:pk>/layout/", layout_pages.design, name="forms-layout"),
    path("forms/<int:pk>/layout.xlsx", layout_pages.blank, name="forms-layout-blank"),
    path("forms/<int:pk>/", builder_pages.builder, name="forms-builder"),
    path("forms/<int:pk>/bank/", builder_pages.offered, name="forms-offered"),
    path("forms/<int:pk>/edit/<slug:verb>/", builder_pages.edit, name="forms-edit"),
    path("forms/<int:pk>/questions/<slug:uid>/", builder_pages.question, name="forms-question"),
    path("forms/<int:pk>/settings/", form_pages.settings, name="forms-settings"),
    path("forms/<int:pk>/act/<slug:verb>/", form_pages.act, name="forms-act"),
    path("forms/<int:pk>/versions/", form_pages.versions, name="forms-versions"),
    path("forms/<int:pk>/preview/", form_pages.preview, name="forms-preview"),
    path("forms/items/", bank_pages.bank, name="forms-items"),
    path("forms/items/new/", item_pages.item, name="forms-item-new"),
    path("forms/items/<int:pk>/", item_pages.item, name="forms-item"),
    path("forms/items/<int:pk>/<slug:act>/", item_pages.item_act, name="forms-item-act"),
    path("forms/items/categories/", bank_pages.categories, name="forms-categories"),
    path("forms/items/categories/new/", item_pages.category, name="forms-category-new"),
    path("forms/items/categories/<int:pk>/", item_pages.category, name="forms-category"),
    path("forms/items/categories/<int:pk>/<slug:act>/", item_pages.category_act, name="forms-category-act"),
    path("forms/versions/<int:pk>/", reading.version, name="forms-version"),
    path("forms/responses/<uuid:uid>/", filling.fill, name="forms-response"),
    path("forms/responses/<uuid:uid>/results.json", filling_pages.results_json, name="forms-results-json"),
    path("forms/responses/<uuid:uid>/print/", filling.printed, name="forms-response-print"),
    path("forms/versions/<int:pk>.json", exchanging.version_json, name="forms-version-json"),
    path("forms/responses/<uuid:uid>.json", exchanging.response_json, name="forms-response-json"),
    path("forms/responses/<uuid:uid>/answers.json", exchanging.save_json, name="forms-answers-json"),
    path("forms/responses/<uuid:uid>/submit.json", exchanging.submit_json, name="forms-submit-json"),
    path("forms/responses/<uuid:uid>/files.json", exchanging.files_json, name="forms-files-json"),
]
