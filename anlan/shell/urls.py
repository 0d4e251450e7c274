"""Addresses of the shell: only the gallery, and only where it is switched on."""

from django.conf import settings
from django.urls import URLPattern

from anlan.shell.gallery.urls import urlpatterns as gallery

urlpatterns: list[URLPattern] = gallery if settings.GALLERY else []
