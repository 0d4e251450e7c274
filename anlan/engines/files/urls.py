"""Addresses of the files engine."""

from django.urls import path

from anlan.engines.files.receiving_views import proceed, start
from anlan.engines.files.serving import serve

urlpatterns = [
    path("files/uploads/", start, name="files-uploads"),
    path("files/uploads/<uuid:uid>/", proceed, name="files-upload"),
    path("files/<uuid:uid>/<slug:variant>", serve, name="files-serve"),
]
