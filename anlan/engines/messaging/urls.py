"""Addresses of the message centre."""

from django.urls import include, path

from anlan.engines.messaging import pages

messages = [
    path("", pages.inbox, name="inbox"),
    path("read-all/", pages.read_all, name="read_all"),
    path("unread/", pages.unread, name="unread"),
    path("settings/", pages.settings_page, name="settings"),
    path("<int:pk>/", pages.open_message, name="open"),
]
urlpatterns = [path("messages/", include((messages, "messages")))]
