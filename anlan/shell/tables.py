"""A list page's table and pager as data: heads with sort addresses, compiled body, words of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.shell.rows import Column

SIZES = (20, 50, 100)
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Head:
    """A column head: ``direction`` is ascending, descending or empty; ``url`` sorts."""

    code: str
    title: str
    numeric: bool = False
    url: str = ""
    direction: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Table:
    """What ``data_table`` shows; an empty ``body`` shows the slot instead."""

    caption: str
    heads: Sequence[Head]
    body: SafeString
    columns: Sequence[Column] = ()
    selectable: bool = False

    @property
    def long(self) -> bool:
        """Whether the rows scroll below their head on a desk: more than 25 of them."""
        return self.body.count("<tr") > 25


@dataclass(frozen=True)
class Number:
    """A link of the pager: page number or page size."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True)
class PageWords:
    """What ``pager`` shows: words such as 第 1–20 条，共 128 条 and the addresses around."""

    words: str
    previous: str = ""
    next: str = ""
    numbers: Sequence[Number] = ()
    sizes: Sequence[Number] = field(default_factory=tuple)


def address(request: HttpRequest, **changes: str | int | None) -> str:
    """Return the present address with a changed query; None removes a key."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def heads(request: HttpRequest, columns: Iterable[Column], order: str) -> list[Head]:
    """Return the heads; ``order`` is the present sort key, with a minus when descending."""
    return [_head(request, column, order) for column in columns]


def _head(request: HttpRequest, column: Column, order: str) -> Head:
    if not column.sort:
        return Head(column.code, column.title, column.numeric, shown=column.shown)
    down = order == f"-{column.sort}"
    up = order == column.sort
    url = address(request, sort=f"-{column.sort}" if up else column.sort, page=None, after=None)
    direction = "ascending" if up else "descending" if down else ""
    return Head(column.code, column.title, column.numeric, url, direction, column.shown)


def total_words(total: int, cap: int = COUNT_CAP) -> str:
    """Return 共 128 条, or 共 10,000+ 条 above the cap of counting."""
    return f"共 {cap:,}+ 条" if total > cap else f"共 {total:,} 条"


def page_words(first: int, shown: int, total: int, **links: object) -> PageWords:
    """Return the words of a page that starts at row ``first`` and shows ``shown`` rows."""
    if not shown:
        return PageWords("共 0 条")
    words = f"第 {first:,}–{first + shown - 1:,} 条，{total_words(total)}"
    return PageWords(words, **links)  # type: ignore[arg-type]


def numbered_pages(
    request: HttpRequest,
    page: int,
    size: int,
    total: int,
    shown: int,
    *,
    keys: tuple[int, int] | None = None,
    more: bool = False,
) -> PageWords:
    """Return the pager: neighbours, numbers around the present page, page sizes.

    Numbers end with the cap of counting; ``more`` rows beyond it are reached page by page. ``keys`` of the first
    and last row let the neighbours go on from there instead of counting off all rows before.
    """
    last = max(1, -(-min(total, COUNT_CAP) // size))
    near = sorted({1, last, page, *range(max(1, page - 2), min(last, page + 2) + 1)})

    def to(number: int, size: int | None = None, **edge: int) -> str:
        changes = {"after": None, "before": None, "page": number, **edge}
        return address(request, **(changes | {"size": size, "page": None} if size else changes))

    back, on = ({"before": keys[0]}, {"after": keys[1]}) if keys else ({}, {})
    return page_words(
        (page - 1) * size + 1,
        shown,
        total,
        previous=to(page - 1, **(back if page > 2 else {})) if page > 1 else "",
        next=to(page + 1, **on) if page < last or more else "",
        numbers=[Number(n, to(n), n == page) for n in near],
        sizes=[Number(n, to(1, n), n == size) for n in SIZES],
    )
