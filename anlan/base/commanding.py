"""The command page: what goes on, who is on duty, what is warned of and ordered, seen together (X.26).

A domain adds its part with :func:`declare_command`; the page knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.engines.analytics.api import Figure
from anlan.engines.org.api import declare_permission, may, require
from anlan.kernel import clock
from anlan.kernel.registry import Registry
from anlan.shell.deadlines import local
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Action, Item
from anlan.shell.responses import render_block

TITLE, URL, SECONDS = "安全指挥", "/command/", 15
COMMANDERS = ("bureau_safety", "bureau_leader", "team_admin", "upper_safety")
VIEW = declare_permission("base.command.view", "安全指挥：查看", COMMANDERS).code

add_page(Page("safety", "指挥", TITLE, URL, VIEW, order=5))


@dataclass(frozen=True)
class Command:
    """A card of the page; left out for people who may not see the list of its first figure.

    The first figure also stands in the band on top; ``rows(user)`` are the latest few matters, each with its page.
    ``main`` cards stand in the broad column; ``actions(user)`` are orders that start here.
    """

    code: str
    title: str
    figures: tuple[Figure, ...]
    rows: Callable[[Any], Sequence[Item]]
    order: int
    main: bool = False
    actions: Callable[[Any], list[Action]] | None = None


commands: Registry[Command] = Registry("command card")


def declare_command(item: Command) -> Command:
    """Put a card on the command page."""
    return commands.add(item.code, item)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page, or only its figures and cards when htmx asks again; Forbidden for others than commanders."""
    user: Any = request.user
    require(user, VIEW)
    shown = [one for one in sorted(commands, key=lambda one: one.order) if _visible(one, user)]
    cards = [(one.main, _card(one, user)) for one in shown]
    context = {
        "title": TITLE,
        "lede": f"{local(clock.now()):%H:%M} 的情况，每 {SECONDS} 秒自动更新，点数字看明细",
        "seconds": SECONDS,
        "actions": [action for one in shown if one.actions for action in one.actions(user)],
        "stats": [one.figures[0].stat(user) for one in shown],
        "main": [card for main, card in cards if main],
        "aside": [card for main, card in cards if not main],
    }
    return render_block(request, "base/command.html", "situation", context)


def _visible(one: Command, user: Any) -> bool:
    return may(user, one.figures[0].ledger.permission("view"))


def _card(one: Command, user: Any) -> dict[str, Any]:
    stats = [stat for figure in one.figures[1:] if (stat := figure.stat(user))]
    numbers = [Item(stat.label, stat.url, side=f"{stat.value} {stat.unit}") for stat in stats]
    return {
        "title": one.title,
        "id": f"command-{one.code}",
        "link": one.figures[0].ledger.url,
        "rows": [*numbers, *one.rows(user)],
    }
