"""Addresses of alarms beside those of its ledgers."""

from django.urls import path

from anlan.domains.alarms.door import door
from anlan.domains.alarms.source_pages import issue

urlpatterns = [
    path("alarms/door/", door, name="device-door"),
    path("alarms/sources/<int:pk>/key/", issue, name="device-source-key"),
]
