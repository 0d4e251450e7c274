"""Addresses of the audit engine."""

from django.urls import path

from anlan.engines.audit.views import copies, trail

urlpatterns = [
    path("audit/", trail.trail, name="audit"),
    path("audit/copies/", copies.copies, name="audit_copies"),
    path("audit/copies/<int:pk>/", copies.fetch, name="audit_copy"),
    path("audit/<int:pk>/", trail.entry, name="audit_entry"),
    path("audit/export.<slug:kind>", trail.export, name="audit_export"),
]
