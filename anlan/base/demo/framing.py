"""The words 演示数据 in the frame of every page of a demo."""

from django.conf import settings
from django.http import HttpRequest

from anlan.base.demo.marks import is_demo
from anlan.shell import frame


def mark(request: HttpRequest) -> str:
    """What the frame says beside the unit; nothing on a real site, which is not even asked."""
    return "演示数据" if settings.DEMO_ALLOWED and is_demo() else ""


frame.register_provider("mark", mark)
