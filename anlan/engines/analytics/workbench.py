"""The workbench: what awaits the person, and the numbers and lists the domains offer beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.engines.analytics.figures import Figure
from anlan.engines.tasks.api import badges, grouped, todos_for
from anlan.kernel import clock
from anlan.kernel.registry import Registry
from anlan.shell.parts import Action, Item, Rank
from anlan.shell.responses import render_block

SHOWN = 8
DAY_PARTS = ((6, "凌晨好"), (12, "上午好"), (14, "中午好"), (18, "下午好"), (24, "晚上好"))
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Panel:
    """A card in the right column: list items or ranked bars under a title."""

    title: str
    items: Sequence[Item] = ()
    ranks: Sequence[Rank] = ()
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class Offer:
    """What a domain puts on the workbench; each part leaves itself out for people it is not for.

    ``figures`` become the band of key numbers; ``panel(request)`` may return None; ``actions`` name the right
    they need.
    """

    code: str
    figures: tuple[Figure, ...] = ()
    panels: tuple[Callable[[HttpRequest], Panel | None], ...] = ()
    actions: Callable[[Any], list[Action]] | None = None


offers: Registry[Offer] = Registry("workbench offer")


def offer(item: Offer) -> Offer:
    """Put a domain's part on the workbench."""
    return offers.add(item.code, item)


def greeting(name: str) -> str:
    """上午好，周敏."""
    hour = clock.now().astimezone(clock.zone()).hour
    return f"{next(words for end, words in DAY_PARTS if hour < end)}，{name}"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in."""
    counted = badges(request.user)
    waiting = todos_for(request.user)
    rows = list(waiting.select_related("org")[:SHOWN])
    panels = [made for one in offers for build in one.panels if (made := build(request))]
    numbers = [figure.stat(request.user) for one in offers for figure in one.figures]
    stats = [number for number in numbers if number is not None]
    context = {
        "title": greeting(request.user.name),  # type: ignore[union-attr]
        "lede": _lede(counted.total, counted.late),
        "actions": [action for one in offers if one.actions for action in one.actions(request.user)][:2],
        "stats": stats[:5],
        "queue": grouped(rows, waiting),
        "queue_all": (f"全部 {counted.total} 件", "/todos/") if counted.total else None,
        "queue_note": f"已显示 {len(rows)} 件，还有 {counted.total - len(rows)} 件"
        if counted.total > len(rows)
        else "",
        "queue_more": "/todos/",
        "lists": [_list(one, at) for at, one in enumerate(panels) if one.items],
        "ranks": [_ranks(one, at) for at, one in enumerate(panels) if one.ranks],
    }
    return render_block(request, "shell/workbench.html", "queue", context)


def _lede(total: int, late: int) -> str:
    today = clock.today()
    day = f"{today.month} 月 {today.day} 日 星期{WEEKDAYS[today.weekday()]}"
    if not total:
        return f"{day}，没有待办。"
    return (
        f"{day}，共 {total} 件待办，先处理 {late} 件逾期。"
        if late
        else f"{day}，共 {total} 件待办，没有逾期。"
    )


def _list(panel: Panel, at: int) -> dict[str, Any]:
    return {
        "title": panel.title,
        "id": f"list-{at}",
        "rows": panel.items,
        "link": panel.link,
        "link_title": "全部",
    }


def _ranks(panel: Panel, at: int) -> dict[str, Any]:
    return {"title": panel.title, "id": f"rank-{at}", "rows": panel.ranks, "note": panel.note}
