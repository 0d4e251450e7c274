"""The layout of a form in the browser: bring an Excel file in, choose cells, say what they ask, take a copy out."""

from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import KINDS as FILE_KINDS
from anlan.engines.files.api import aside, spool
from anlan.engines.forms.asking import carry_out, unit_for
from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.designing import unpublished
from anlan.engines.forms.designs import STATES, FormDefinition
from anlan.engines.forms.drawing import Drawn
from anlan.engines.forms.form_pages import LIST, TONES, kept, seen
from anlan.engines.forms.layouts.cell_form import CellForm
from anlan.engines.forms.layouts.grids import draw
from anlan.engines.forms.layouts.keeping import add_layout, layout_of, put_on, take_off
from anlan.engines.forms.layouts.lattice import Layout, address, cells_of, corners
from anlan.engines.forms.layouts.results import formulas_of
from anlan.engines.forms.layouts.writing import Page, write_pages
from anlan.engines.forms.rights import holds
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import is_partial, render_block, see_other, toast

UNPROCESSABLE = 422


class LayoutForm(forms.Form):
    """A form laid out like an Excel file."""

    title = forms.CharField(label="表名", max_length=100)
    subject = forms.CharField(label="用途", max_length=40, initial="数据填报")
    explanation = forms.CharField(
        label="填报说明", max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    file = forms.FileField(
        label="Excel 表样",
        help_text="取第一张工作表，最多 300 行 60 列；合并单元格、边框、列宽、字体、公式一并带入。宏不能带入",
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Bring a file in; a sound one becomes a draft form."""
    unit = unit_for(request.user, "forms.forms.add")
    form = LayoutForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        done = carry_out(form, lambda values: _bring_in(Actor.of(request), unit, values))
        if done:
            definition, notes = done
            request.session[f"layout-notes-{definition.pk}"] = list(notes)
            return see_other(request, f"{LIST}{definition.pk}/layout/")
    context = {
        "title": "从 Excel 表样新建",
        "crumbs": [Crumb("检查表", LIST), Crumb("从 Excel 表样新建")],
        "form": form,
        "sections": None,
    }
    return render(request, "forms/one.html", context, status=UNPROCESSABLE if form.errors else 200)


def _bring_in(actor: Actor, unit: Any, values: dict[str, Any]) -> tuple[FormDefinition, tuple[str, ...]]:
    upload = values.pop("file")
    with aside() as path:
        spool(upload, path)
        return add_layout(actor, unit, path, upload.name or "", **values)


@require_http_methods(["GET", "POST"])
def design(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet with its cells; ``at`` is what is chosen. POST sets what the chosen cells ask, or clears them."""
    if request.method == "GET":
        return _page(request, seen(request.user, pk), request.GET.get("at", ""))
    definition, at = kept(request, pk), request.POST.get("at", "")
    actor, version = Actor.of(request), _version(request)
    if request.POST.get("act") == "clear":
        take_off(actor, definition, _chosen(layout_of(definition), at), version=version)
        return _done(request, definition, at, "已清除")
    form = _cell_form(definition, at, request.POST)
    done = carry_out(form, lambda _: _put_on(actor, definition, at, form.made(), version))
    if done is None:
        return _page(request, definition, at, form)
    return _done(request, definition, at, f"已设置 {len(done)} 个单元格")


def _put_on(
    actor: Actor, definition: FormDefinition, at: str, asked: Question, version: int | None
) -> list[Question]:
    """Set the cells; messages about the question are led to the fields of the form."""
    try:
        return put_on(actor, definition, _chosen(layout_of(definition), at), asked, version=version)
    except Rejected as refusal:
        raise Rejected(
            {FIELDS.get(_last(name), _last(name)): said for name, said in refusal.fields.items()}
        ) from None


FIELDS = {"initial": "preset", "options": "choices", "label": "choices"}


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _version(request: HttpRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() else None


def _chosen(layout: Layout, at: str) -> list[str]:
    return [one for one in cells_of(at) if layout.holds(one)]


def _cell_form(definition: FormDefinition, at: str, data: Any = None) -> CellForm:
    chosen = _chosen(layout_of(definition), at)
    if not chosen:
        raise Rejected({"at": "请先选单元格"})
    whole = definition.form()
    known = whole.by_uid().get(chosen[0]) or Question(chosen[0], "number", "")
    return CellForm(definition.org, whole, known, data)


def _done(request: HttpRequest, definition: FormDefinition, at: str, said: str) -> HttpResponse:
    if is_partial(request):
        return toast(_page(request, definition, at), said)
    return see_other(request, f"{LIST}{definition.pk}/layout/?at={at}")


def _page(
    request: HttpRequest, definition: FormDefinition, at: str, form: CellForm | None = None
) -> HttpResponse:
    layout, actor, whole = layout_of(definition), Actor.of(request), definition.form()
    keeps = holds(actor, definition.org, "forms.forms.edit")
    asked = list(whole.questions())
    context = {
        "definition": definition,
        "title": definition.title,
        "crumbs": [Crumb("检查表", LIST), Crumb(definition.title)],
        "lede": _lede(asked),
        "tone": TONES[definition.state],
        "state": STATES[definition.state],
        "grid": draw(layout, _drawn(whole)),
        "at": _tidy(at),
        "chosen": set(_chosen(layout, at)) if at else set(),
        "form": form or (_cell_form(definition, at) if at and keeps else None),
        "keeps": keeps,
        "pending": keeps and unpublished(definition),
        "publishes": holds(actor, definition.org, "forms.forms.publish"),
        "notes": request.session.pop(f"layout-notes-{definition.pk}", []),
        "partial": is_partial(request),
    }
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render_block(request, "forms/layout/design.html", "layout", context, status)


def _drawn(whole: Form) -> dict[str, Drawn]:
    """Every question, those under a condition too."""
    return {q.uid: Drawn(n, q, None, (), (), False) for n, q in enumerate(whole.questions(), 1)}


def _tidy(at: str) -> str:
    if not at:
        return ""
    a, b, c, d = corners(at)
    first, last = address(a, b), address(c, d)
    return first if first == last else f"{first}:{last}"


def _lede(asked: list[Question]) -> str:
    computed = sum(1 for question in asked if question.type == "computed")
    typed = len(asked) - computed
    return (
        f"要填 {typed} 格，公式 {computed} 格；选中单元格，设置填什么"
        if asked
        else "选中空白单元格，设置填什么"
    )


@require_GET
def blank(request: HttpRequest, pk: int) -> FileResponse:
    """The empty sheet as an Excel file, as it would be written out."""
    definition = seen(request.user, pk)
    page = Page(layout_of(definition).sheet, layout_of(definition), {}, formulas_of(definition.form()))
    with aside() as path:
        write_pages(path, [page])
        stream = path.open("rb")
    name = f"{definition.title}.xlsx"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=FILE_KINDS["xlsx"].mime)
    response["Cache-Control"] = "private, no-store"
    return response
