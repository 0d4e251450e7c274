"""Addresses of the gallery."""

from django.urls import path

from anlan.shell.gallery import views

urlpatterns = [
    path("gallery/list/", views.list_page),
    path("gallery/record/", views.record_page),
    path("gallery/form/", views.form_page),
    path("gallery/refusal/<int:status>/", views.refusal_page),
]
