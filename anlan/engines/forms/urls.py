"""Addresses of the forms engine."""

from django.urls import path

from anlan.engines.forms import exchanging

urlpatterns = [
    path("forms/versions/<int:pk>.json", exchanging.version_json, name="forms-version-json"),
    path("forms/responses/<uuid:uid>.json", exchanging.response_json, name="forms-response-json"),
    path("forms/responses/<uuid:uid>/answers.json", exchanging.save_json, name="forms-answers-json"),
    path("forms/responses/<uuid:uid>/submit.json", exchanging.submit_json, name="forms-submit-json"),
    path("forms/responses/<uuid:uid>/files.json", exchanging.files_json, name="forms-files-json"),
]
