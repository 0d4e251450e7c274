"""Pages of forms: list, make, settings, versions with what changed, preview, use, copy and withdraw (D01.3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.forms.asking import DefinitionForm, carry_out, unit_for
from anlan.engines.forms.composing import with_section
from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.designing import (
    EDITABLE,
    add_form,
    copy_form,
    differences,
    edit_form,
    publish,
    versions_of,
    withdraw,
)
from anlan.engines.forms.designs import STATES, FormDefinition, FormVersion
from anlan.engines.forms.drawing import sheet
from anlan.engines.forms.layouts.grids import grid_of
from anlan.engines.forms.rights import require_over
from anlan.engines.org.api import scope
from anlan.kernel.errors import Missing
from anlan.shell.listing import choice_filter, list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import see_other
from anlan.shell.rows import Column

LIST = "/forms/"
TONES = {"draft": "idle", "in_use": "done", "withdrawn": "back"}
NAMES = {
    "text": "检查内容",
    "type": "答案类型",
    "required": "必填",
    "standard": "标准",
    "evidence": "佐证要求",
    "score": "分值",
    "options": "选项",
    "shown_if": "显示条件",
    "number": "数字范围和单位",
    "filling": "格式、预填、公式或汇总",
}


def seen(user: Any, pk: int) -> FormDefinition:
    """The form if the person may see it; otherwise Missing."""
    rows = FormDefinition.objects.visible(user, "forms.forms.view").filter(archived_at=None)
    found: FormDefinition = rows.select_related("org").one(pk=pk)
    return found


def kept(request: HttpRequest, pk: int, permission: str = "forms.forms.edit") -> FormDefinition:
    """The form for somebody who keeps it; Forbidden for those who only read it."""
    definition = seen(request.user, pk)
    require_over(Actor.of(request), definition.org, permission)
    return definition


def _version_words(form: FormDefinition) -> str:
    return f"第 {form.current} 版" if form.current else "未启用"


COLUMNS = (
    Column("title", "名称", "title"),
    Column("subject", "检查对象", on_phone="inline"),
    Column(
        "state", "状态", "chip", value=lambda form: (TONES[form.state], STATES[form.state]), on_phone="end"
    ),
    Column(
        "questions",
        "检查内容",
        "number",
        value=lambda form: sum(1 for _ in form.form().questions()),
        on_phone="hide",
    ),
    Column("current", "版本", value=_version_words, on_phone="inline"),
    Column("org", "制定单位", "meta", on_phone="hide"),
)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every form the person may see, those of one state or subject, or with the words searched for."""
    seen_forms = FormDefinition.objects.visible(request.user, "forms.forms.view").filter(archived_at=None)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("state", "subject", "q")}
    rows = seen_forms.select_related("org")
    if asked["state"] in STATES:
        rows = rows.filter(state=asked["state"])
    if asked["subject"]:
        rows = rows.filter(subject=asked["subject"])
    if asked["q"]:
        rows = rows.filter(title__icontains=asked["q"])
    subjects = seen_forms.exclude(subject="").order_by("subject").values_list("subject", flat=True).distinct()
    makes = bool(scope(request.user, "forms.forms.add"))
    new = Action("新建检查表", f"{LIST}new/", "primary", "plus")
    return list_page(
        request,
        "检查表",
        rows,
        COLUMNS,
        link=lambda form: f"{LIST}{form.pk}/",
        lede=f"共 {rows.count()} 张，在用 {rows.filter(state='in_use').count()} 张",
        filters=[
            choice_filter(request, "state", "状态", list(STATES.items())),
            choice_filter(request, "subject", "检查对象", [(one, one) for one in subjects]),
        ],
        set_count=bool(asked["state"]) + bool(asked["subject"]),
        q=asked["q"],
        q_hint="搜索检查表名称",
        actions=[Action("从 Excel 表样新建", f"{LIST}layouts/new/", icon="upload"), new] if makes else [],
        empty={
            "title": "没有检查表",
            "text": "从题库里选检查内容，组成检查表",
            "action": new if makes else None,
        },
    )


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a form, or change what it is called and about."""
    actor = Actor.of(request)
    known = kept(request, pk) if pk else None
    unit = known.org if known else unit_for(request.user, "forms.forms.add")
    initial = {name: getattr(known, name) for name in EDITABLE} if known else None
    form = DefinitionForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if known:
            done = carry_out(form, lambda values: edit_form(actor, known, values))
        else:
            first = with_section(Form(), "检查内容")
            done = carry_out(form, lambda values: add_form(actor, unit, form=first, **values))
        if done:
            return see_other(request, f"{LIST}{done.pk}/")
    title = f"{known.title}的设置" if known else "新建检查表"
    context = {
        "title": title,
        "crumbs": [Crumb("检查表", LIST), Crumb(title)],
        "form": form,
        "sections": None,
    }
    return render(request, "forms/one.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Put into use, withdraw or copy."""
    definition, actor = seen(request.user, pk), Actor.of(request)
    if verb == "copy":
        copy = copy_form(actor, definition, unit_for(request.user, "forms.forms.add"))
        return see_other(request, f"{LIST}{copy.pk}/")
    verbs = {"publish": publish, "withdraw": withdraw}
    if verb not in verbs:
        raise Missing
    version = request.POST.get("version", "")
    verbs[verb](actor, definition, version=int(version) if version.isdigit() else None)
    return see_other(request, f"{LIST}{pk}/")


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version, with what changed against the one before."""
    definition = seen(request.user, pk)
    line: list[FormVersion] = list(versions_of(definition))
    older: list[FormVersion | None] = [*line[1:], None][: len(line)]
    steps = [(one, _changes(before, one)) for one, before in zip(line, older, strict=True)]
    context = {
        "title": f"{definition.title}的版本",
        "crumbs": [Crumb("检查表", LIST), Crumb(definition.title, f"{LIST}{pk}/"), Crumb("版本")],
        "steps": steps,
    }
    return render(request, "forms/versions.html", context)


def _changes(before: FormVersion | None, after: FormVersion) -> list[tuple[str, str]]:
    """What changed, in words: added, removed and altered questions."""
    if before is None:
        return [("首次启用", f"{sum(1 for _ in after.form().questions())} 项")]
    old, new = before.form().by_uid(), after.form().by_uid()
    found = differences(before.form(), after.form())
    return [
        *(("新增", new[uid].text) for uid in found.added),
        *(("去掉", old[uid].text) for uid in found.removed),
        *(("改动", _altered(old[uid], new[uid])) for uid in found.altered),
    ] or [("改动", "顺序或分组")]


def _altered(old: Question, new: Question) -> str:
    names = [said for name, said in NAMES.items() if getattr(old, name) != getattr(new, name)]
    words = f"“{old.text}”改为“{new.text}”" if old.text != new.text else f"“{new.text}”"
    return f"{words}（{'、'.join(names) or '其他'}）"


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy as it will be filled in, for the computer or in the width of a phone."""
    definition = seen(request.user, pk)
    school_type = request.GET.get("school_type", "")
    layout = definition.plan()
    drawn = sheet(definition.form(), {"school_type": school_type} if school_type else {})
    context = {
        "grid": grid_of(layout, drawn) if layout else None,
        "title": f"{definition.title}：预览",
        "crumbs": [Crumb("检查表", LIST), Crumb(definition.title, f"{LIST}{pk}/"), Crumb("预览")],
        "phone": request.GET.get("as") == "phone",
        "sheet": drawn,
    }
    return render(request, "forms/preview.html", context)
