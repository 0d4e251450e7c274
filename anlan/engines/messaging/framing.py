"""What the page frame asks the messaging engine for."""

from django.http import HttpRequest

from anlan.engines.messaging.inbox import unread_count
from anlan.shell import frame
from anlan.shell.navigation import Page, add_page


def _unread(request: HttpRequest) -> int:
    return unread_count(request.user)


def _count(request: HttpRequest) -> frame.Badge:
    return frame.Badge(unread_count(request.user))


frame.register_provider("unread", _unread)
frame.register_count("messages", _count)
frame.register_link("messages", "消息", "messages:inbox")
add_page(Page("home", "我的", "消息", "messages:inbox", badge="messages", order=30))
