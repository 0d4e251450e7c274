"""Addresses of the files engine."""

from django.urls import path

from anlan.engines.files import own_signature_pages
from anlan.engines.files.receiving_views import proceed, start
from anlan.engines.files.serving import serve

urlpatterns = [
    path("account/signature/", own_signature_pages.own_signature_page, name="own-signature"),
    path("account/signature/forget", own_signature_pages.forget, name="own-signature-forget"),
    path("account/signature/picture", own_signature_pages.picture, name="own-signature-picture"),
    path("files/uploads/", start, name="files-uploads"),
    path("files/uploads/<uuid:uid>/", proceed, name="files-upload"),
    path("files/<uuid:uid>/<slug:variant>", serve, name="files-serve"),
]
