"""Addresses of duty beside those of its ledgers."""

from django.urls import path

from anlan.domains.duty import grid, pages

urlpatterns = [
    path("duty/calendar/", pages.calendar, name="duty-calendar"),
    path("duty/calendar/<int:pk>/", pages.calendar, name="duty-calendar-of"),
    path("duty/rosters/<int:pk>/grid/", grid.page, name="duty-grid"),
]
