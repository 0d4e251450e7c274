"""Saved views of a list and of its report: keep the question under a name, share it, open with it, rename, delete."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.org.api import may, require
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.filtering import filters
from anlan.engines.registry.preferences import LIST, REPORT, SHARE_VIEWS, SavedView, habits_of, keep, views_of
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.parts import Crumb

WORDS = {LIST: "视图", REPORT: "统计"}


class ViewForm(forms.Form):
    """A name, who sees the view, and whether the list opens with it."""

    title = forms.CharField(label="名称", max_length=20)
    shared = forms.BooleanField(label="本单位的人都能用", required=False)
    first = forms.BooleanField(label="打开台账时先看这个视图", required=False)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, user: Any, about: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about == REPORT:
            del self.fields["first"]
        if not may(user, SHARE_VIEWS) or not user.unit_id:
            del self.fields["shared"]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, ledger: Ledger, about: str = LIST) -> HttpResponse:
    """The views of this list, or of its report, and the form for a new one; ``query`` is the question to keep."""
    require(request.user, ledger.permission("view"))
    said = _plain(request.GET.get("query", ""))
    form = ViewForm(request.user, about, request.POST or None, initial={"query": said})
    if request.method != "POST" or not form.is_valid():
        return _show(request, ledger, form, about)
    return _store(request, ledger, form.cleaned_data, about)


def _plain(query: str) -> str:
    kept = QueryDict(query.lstrip("?"), mutable=True)
    for name in ("page", "all", "after", "before"):
        kept.pop(name, None)
    return kept.urlencode()


def _show(request: HttpRequest, ledger: Ledger, form: ViewForm, about: str) -> HttpResponse:
    query = _plain(form["query"].value() or "")
    context = {
        "word": WORDS[about],
        "about": about,
        "ledger": ledger,
        "form": form,
        "asked": words_of(ledger, QueryDict(query), request.user),
        "views": views_of(request.user, ledger.code, about).select_related("user"),
        "first": habits_of(request.user, ledger.code).first,
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb(WORDS[about])],
    }
    return render(request, "registry/views.html", context, status=422 if form.is_bound else 200)


def words_of(ledger: Ledger, asked: QueryDict, user: Any) -> str:
    """The question in words, so that nobody keeps something else than was meant."""
    said = [f"{pill.label}：{pill.shown}" for pill in filters(ledger, asked, user) if pill.shown]
    if text := asked.get("q"):
        said.append(f"搜索“{text}”")
    known = {"overdue": "逾期", "open": "在办", "mine": "与我有关", "archived": "含已归档"}
    said += [words for name, words in known.items() if asked.get(name)]
    return "；".join(said)


def _store(request: HttpRequest, ledger: Ledger, values: dict[str, Any], about: str) -> HttpResponse:
    user: Any = request.user
    query = _plain(values["query"])
    unit = user.unit if values.get("shared") else None
    view, _ = SavedView.objects.update_or_create(
        user=user,
        ledger=ledger.code,
        page=about,
        title=values["title"],
        defaults={"query": query, "unit": unit},
    )
    if values.get("first"):
        keep(user, ledger.code, first=view)
    messages.success(request, f"已存为{WORDS[about]}“{view.title}”")
    return HttpResponseRedirect(f"{ledger.url}{view.address}")


@require_POST
def change(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """Rename, share, delete an own view, or open the list with any of those offered."""
    require(request.user, ledger.permission("view"))
    view = (
        (views_of(request.user, ledger.code) | views_of(request.user, ledger.code, REPORT))
        .filter(pk=pk)
        .first()
    )
    verb = CHANGES.get(request.POST.get("verb", ""))
    if view is None or verb is None:
        raise Missing
    messages.success(request, verb(request, view))
    return HttpResponseRedirect(f"{ledger.url}{view.page and view.page + '/'}views")


def _own(request: HttpRequest, view: SavedView) -> SavedView:
    if view.user_id != request.user.pk:
        raise Forbidden("", "别人共享的视图只能使用，不能修改")
    return view


def _rename(request: HttpRequest, view: SavedView) -> str:
    title = request.POST.get("title", "").strip()[:20]
    taken = SavedView.objects.filter(user=view.user, ledger=view.ledger, page=view.page, title=title).exclude(
        pk=view.pk
    )
    if not title or taken.exists():
        return "没有改名：名称不能为空，也不能与已有的相同"
    SavedView.objects.filter(pk=_own(request, view).pk).update(title=title)
    return f"已改名为“{title}”"


def _delete(request: HttpRequest, view: SavedView) -> str:
    _own(request, view).delete()
    return f"已删除{WORDS[view.page]}“{view.title}”"


def _share(request: HttpRequest, view: SavedView) -> str:
    user: Any = request.user
    require(user, SHARE_VIEWS)
    unit = None if view.unit_id else user.unit_id
    SavedView.objects.filter(pk=_own(request, view).pk).update(unit=unit)
    return f"“{view.title}”已共享给本单位" if unit else f"“{view.title}”已改为只有自己能用"


def _first(request: HttpRequest, view: SavedView) -> str:
    if view.page != LIST:
        raise Missing
    keep(request.user, view.ledger, first=view)
    return f"打开台账时先看“{view.title}”"


def _last(request: HttpRequest, view: SavedView) -> str:
    keep(request.user, view.ledger, first=None)
    return "打开台账时先看全部"


CHANGES = {"rename": _rename, "delete": _delete, "share": _share, "first": _first, "last": _last}
