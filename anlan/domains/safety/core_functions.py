"""The seven core functions on the workbench, each by the way that the person's role has to it (X.26)."""

from typing import Any

from django.http import HttpRequest

from anlan.base import commanding
from anlan.engines.analytics.api import Panel
from anlan.engines.org.api import may
from anlan.shell.parts import Item

# Each with its ways, the broadest first: address and the right it takes.
CORE = {
    "日常安全检查": (
        ("/safety/inspections/", "safety.inspections.view"),
        ("/safety/field/", "safety.inspections.submit"),
    ),
    "安全事件上报": (
        ("/safety/incidents/new", "safety.incidents.add"),
        ("/safety/quick/new", "safety.quick.add"),
    ),
    "安全事件查询": (
        ("/safety/incidents/", "safety.incidents.view"),
        ("/safety/quick/", "safety.quick.view"),
    ),
    "隐患排查防范": (("/safety/hazards/", "safety.hazards.view"),),
    "安全资料归档": (("/archives/holdings/", "archives.holdings.view"),),
    "大数据分析": (("/analysis/safety/hazards/", "safety.hazards.view"),),
    "安全工作指挥": ((commanding.URL, commanding.VIEW),),
}


def panel(request: HttpRequest) -> Panel | None:
    """The functions this person uses; None for somebody with none of them."""
    user: Any = request.user
    ways = {title: [url for url, right in found if may(user, right)] for title, found in CORE.items()}
    items = [Item(title, found[0]) for title, found in ways.items() if found]
    return Panel("核心业务", items) if items else None
