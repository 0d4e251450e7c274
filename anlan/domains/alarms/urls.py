"""Addresses of alarms beside those of its ledgers."""

from django.urls import path

from anlan.domains.alarms import school_days
from anlan.domains.alarms.door import door
from anlan.domains.alarms.feed_door import feed
from anlan.domains.alarms.source_pages import issue

urlpatterns = [
    path("alarms/door/", door, name="device-door"),
    path("alarms/feed/", feed, name="records-feed"),
    path("alarms/school-days/", school_days.page, name="school-days"),
    path("alarms/sources/<int:pk>/key/", issue, name="device-source-key"),
]
