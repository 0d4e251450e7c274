"""Addresses of the gallery."""

from django.urls import path

from anlan.shell.gallery import pages, views

urlpatterns = [
    path("gallery/", pages.components),
    path("gallery/list/", views.list_page),
    path("gallery/record/", views.record_page),
    path("gallery/form/", views.form_page),
    path("gallery/refusal/<int:status>/", views.refusal_page),
    path("gallery/workbench/", pages.workbench),
    path("gallery/review/", pages.review),
    path("gallery/matrix/", pages.matrix),
    path("gallery/drawer/", pages.drawer),
    path("gallery/check/", pages.check),
    path("gallery/wall/", pages.wall),
    path("gallery/analysis/", pages.analysis),
    path("gallery/import/<int:step>/", pages.importing),
    path("gallery/notice/", pages.notice),
    path("gallery/job/", pages.job),
    path("gallery/settings/", pages.settings),
    path("gallery/wizard/", pages.wizard),
    path("gallery/progress/", pages.progress),
    path("gallery/login/", pages.login),
    path("gallery/print/", pages.printing),
]
