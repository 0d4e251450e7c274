"""The list of a ledger: views, filters, sorting, columns, paging; and storing views and columns."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.org.api import may, require
from anlan.engines.registry.access import closed_columns
from anlan.engines.registry.bulk import verbs_of
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.filtering import EXACT, UNSET, filters
from anlan.engines.registry.lede import lede
from anlan.engines.registry.listing import Listing, number_of
from anlan.engines.registry.outputs import writers
from anlan.engines.registry.preferences import Habits, habits_of, keep, views_of
from anlan.engines.registry.rendering import columns_of, renderer
from anlan.shell.parts import Action, View
from anlan.shell.responses import is_partial, render_block
from anlan.shell.tables import Table, heads, numbered_pages

EVERYTHING = "all=1"
ENDING = {"即将到期": "validity=expiring", "已过期": "validity=expired"}
PLACE = ("page", "sort", "size", "after", "before", "all")
WORD_TEMPLATES = "output.word"
KEPT = ("sort", "size", "overdue", "open", "archived", "mine", UNSET, EXACT)


@require_safe
def page(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """The list page, or only its rows for htmx; without a question it opens with the person's first view."""
    habits = habits_of(request.user, ledger.code)
    if habits.query and not request.GET and not is_partial(request):
        require(request.user, ledger.permission("view"))
        return HttpResponseRedirect(f"{ledger.url}?{habits.query}")
    listing = Listing(ledger, request.user, request.GET)
    context = _rows(request, listing, habits)
    if not is_partial(request):
        context |= _around(request, listing, habits)
    return render_block(request, "shell/list.html", "rows", context)


def _rows(request: HttpRequest, listing: Listing, habits: Habits) -> dict[str, Any]:
    ledger, hidden = listing.ledger, habits.hidden
    closed = closed_columns(ledger, request.user)
    columns = columns_of(ledger.code, hidden, closed)
    body = renderer(ledger.code, hidden, selectable=True, closed=closed)(listing.rows)
    table = Table(ledger.title, heads(request, columns, listing.order), body, columns, selectable=True)
    page_words = numbered_pages(
        request,
        listing.page,
        listing.size,
        listing.total,
        len(listing.rows),
        keys=listing.keys,
        more=listing.more,
    )
    return {"table": table, "page": page_words, "empty": _empty(ledger, request)}


def _around(request: HttpRequest, listing: Listing, habits: Habits) -> dict[str, Any]:
    ledger, query = listing.ledger, request.GET
    pills = filters(ledger, query, request.user, listing.scoped)
    return {
        "title": ledger.title,
        "lede": lede(ledger, listing.scoped, request.user),
        "actions": _actions(ledger, request),
        "export": _exports(ledger, request),
        "views": _views(ledger, request, listing, habits),
        "save_view_url": f"{ledger.url}views",
        "filters": pills,
        "q": query.get("q", ""),
        "q_hint": f"搜索{ledger.title}" if ledger.search else "",
        "q_label": f"搜索{ledger.title}",
        "keep": [(name, query[name]) for name in {*KEPT, *ledger.marks} if query.get(name)],
        "set_count": sum(bool(pill.shown) for pill in pills),
        "columns_url": f"{ledger.url}columns",
        "verbs": [*verbs_of(ledger, request.user, query.urlencode()), *_papers(ledger)],
        "total": listing.total,
        "live": ledger.live,
    }


def _actions(ledger: Ledger, request: HttpRequest) -> list[Action]:
    user = request.user
    report = _asking(request, "统计", f"{ledger.url}report?", "chart-histogram")
    found = [report] if ledger.filter_names else []
    if ledger.readonly:
        return found
    if may(user, ledger.permission("import")):
        found.append(Action("导入", f"{ledger.url}import", icon="upload"))
    if may(user, ledger.permission("add")):
        found.append(Action(f"登记{ledger.model._meta.verbose_name}", f"{ledger.url}new", "primary", "plus"))
    return found


def _papers(ledger: Ledger) -> list[Action]:
    found = [
        Action("打印成一份 PDF", post=f"{ledger.url}pdf", icon="printer"),
        Action("打印成一份 Word", post=f"{ledger.url}word", icon="printer"),
    ]
    return (
        [*found, Action("打印标签", post=f"{ledger.url}labels", icon="printer")] if ledger.labels else found
    )


def _exports(ledger: Ledger, request: HttpRequest) -> list[Action]:
    if not may(request.user, ledger.permission("export")):
        return []
    url = f"{ledger.url}export"
    found = [_asking(request, "选择学校和列…", f"{url}/choose?")]
    found += [_asking(request, writer.title, f"{url}?format={writer.code}&") for writer in writers]
    if ledger.masked and may(request.user, ledger.permission("unmask")):
        found.append(_asking(request, "导出完整信息", f"{url}/full?layout=form&"))
    if may(request.user, WORD_TEMPLATES):
        found.append(Action("Word 模板…", f"/word/{ledger.code}/"))
    return found


def _asking(request: HttpRequest, title: str, url: str, icon: str = "") -> Action:
    """A link about what is asked now, also after filters were changed without a new page."""
    return Action(title, f"{url}{request.GET.urlencode()}", icon=icon, attrs={"data-al-asked": url})


def _views(ledger: Ledger, request: HttpRequest, listing: Listing, habits: Habits) -> list[View]:
    said = request.GET
    offered = {
        "全部": EVERYTHING if habits.query else "",
        **ledger.views,
        **(ENDING if ledger.expires else {}),
    }
    found = [_view(ledger, request, title, query, listing) for title, query in offered.items()]
    own = views_of(request.user, ledger.code)
    found += [View(view.title, f"{ledger.url}?{view.query}", None, _same(view.query, said)) for view in own]
    return found


def _view(ledger: Ledger, request: HttpRequest, title: str, query: str, listing: Listing) -> View:
    here = _same(query, request.GET)
    count = listing.total if here else number_of(ledger, request.user, query)
    url = f"{ledger.url}?{query}" if query else ledger.url
    return View(title, url, count, here, late="overdue" in query or "expired" in query)


def _same(query: str, said: QueryDict) -> bool:
    present = {k: v for k, v in said.lists() if k not in PLACE and any(v)}
    return present == {k: v for k, v in QueryDict(query).lists() if k not in PLACE}


def _empty(ledger: Ledger, request: HttpRequest) -> dict[str, Any]:
    if any(value for name, value in request.GET.items() if name not in PLACE):
        clear = Action("清除条件", f"{ledger.url}?{EVERYTHING}")
        return {"title": "没有符合条件的记录", "text": "换个条件再找，或清除全部条件。", "action": clear}
    return {"title": "还没有记录", "text": "", "art": "first", "action": _first(ledger, request)}


def _first(ledger: Ledger, request: HttpRequest) -> Action:
    """What to do with an empty list: the first row, an import, or back to the own desk."""
    if not ledger.readonly and may(request.user, ledger.permission("add")):
        return Action("登记第一条", f"{ledger.url}new", "primary")
    if not ledger.readonly and may(request.user, ledger.permission("import")):
        return Action("从表格导入", f"{ledger.url}import", "primary")
    return Action("回工作台", "/")


@require_POST
def columns(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """Store which columns the person wants to see; the first one always shows."""
    require(request.user, ledger.permission("view"))
    user: Any = request.user
    shown = set(request.POST.getlist("columns"))
    hidden = [item.name for item in ledger.column_data[1:] if item.name not in shown]
    keep(user, ledger.code, hidden=" ".join(hidden))
    return HttpResponse(status=204)
