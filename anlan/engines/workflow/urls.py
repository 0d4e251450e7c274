"""Addresses of the workflow engine."""

from django.urls import path

from anlan.engines.workflow import pages

urlpatterns = [
    path("flows/", pages.index, name="flows"),
    path("flows/<str:code>/", pages.page, name="flow"),
    path("flows/<str:code>/adjust", pages.adjust, name="flow-adjust"),
]
