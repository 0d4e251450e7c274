"""Addresses of patrol routes beside those of their ledgers."""

from django.urls import path

from anlan.domains.patrols import pages

urlpatterns = [path("patrols/routes/<int:pk>/labels.pdf", pages.labels, name="patrol-labels")]
