"""Addresses of layouts and of collecting data: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from tests.conformance.paper_routes import PAPER
from tests.conformance.subjects import (
    a_collection,
    a_collection_cell,
    a_handed_in_sheet,
    a_layout,
    of_model,
)

PLANS, TASKS, FORMS = "custom_forms.plans", "custom_forms.tasks.view", "forms.forms"
RESPONSE, VERSION = of_model("forms.Response", "uid"), of_model("forms.FormVersion")
COLLECTING: dict[str, tuple[Any, ...]] = {
    **PAPER,
    "custom-forms/plans/<int:pk>/summary/": (f"{PLANS}.view", a_collection),
    "custom-forms/plans/<int:pk>/summary/export/": (f"{PLANS}.export", a_collection, True),
    "custom-forms/plans/<int:pk>/cells/<slug:uid>/": (f"{PLANS}.view", a_collection_cell),
    "custom-forms/tasks/<int:pk>/reports/<int:number>/": (TASKS, a_handed_in_sheet),
    "forms/layouts/new/": (f"{FORMS}.add",),
    "forms/<int:pk>/layout/": (f"{FORMS}.view", a_layout),
    "forms/<int:pk>/layout.xlsx": (f"{FORMS}.view", a_layout),
    "forms/responses/<uuid:uid>/results.json": ("", RESPONSE),
    "forms/versions/<int:pk>/": (f"{FORMS}.view", VERSION),
    "forms/versions/<int:pk>.json": (f"{FORMS}.view", VERSION),
    "forms/responses/<uuid:uid>/": ("", RESPONSE),
    "forms/responses/<uuid:uid>/print/": ("", RESPONSE),
    "forms/responses/<uuid:uid>.json": ("", RESPONSE),
    "forms/responses/<uuid:uid>/answers.json": ("", RESPONSE),
    "forms/responses/<uuid:uid>/submit.json": ("", RESPONSE, True),
    "forms/responses/<uuid:uid>/files.json": ("", RESPONSE),
}
