"""The form builder: items from the bank, order, sections, one question at a time; no dragging needed (D01.3)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.forms import composing
from anlan.engines.forms.asking import carry_out
from anlan.engines.forms.bank import Item
from anlan.engines.forms.banking import categories_for, find_items
from anlan.engines.forms.definition import ASKED, Form, Question
from anlan.engines.forms.designing import save_content, unpublished
from anlan.engines.forms.designs import STATES, FormDefinition
from anlan.engines.forms.form_pages import LIST, TONES, kept, seen
from anlan.engines.forms.question_form import QuestionForm
from anlan.engines.forms.rights import holds
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import is_partial, render_block, see_other, toast

OFFERED = 30
Edit = Callable[[Form, QueryDict, Any], Form]


@require_GET
def builder(request: HttpRequest, pk: int) -> HttpResponse:
    """The form being kept, with the bank beside it; people who only read see its questions.

    A form with a layout is kept on its sheet.
    """
    definition = seen(request.user, pk)
    if definition.layout:
        return see_other(request, f"{LIST}{pk}/layout/")
    return _page(request, definition, "outline")


@require_GET
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank's items found by category and words, each with a button that adds it."""
    return _page(request, seen(request.user, pk), "bank")


def _page(request: HttpRequest, definition: FormDefinition, block: str, status: int = 200) -> HttpResponse:
    actor, form = Actor.of(request), definition.form()
    keeps = holds(actor, definition.org, "forms.forms.edit")
    context = {
        "definition": definition,
        "title": definition.title,
        "crumbs": [Crumb("检查表", LIST), Crumb(definition.title)],
        "lede": f"{definition.subject}，{sum(1 for _ in form.questions())} 项",
        "tone": TONES[definition.state],
        "state": STATES[definition.state],
        "form": form,
        "kinds": ASKED,
        "keeps": keeps,
        "pending": keeps and unpublished(definition),
        "partial": is_partial(request) and block == "outline",
        "publishes": holds(actor, definition.org, "forms.forms.publish"),
        **(_bank(request, form) if keeps else {}),
    }
    return render_block(request, "forms/builder.html", block, context, status)


def _bank(request: HttpRequest, form: Form) -> dict[str, Any]:
    categories = categories_for(request.user)
    chosen = next((c for c in categories if str(c.pk) == request.GET.get("category")), None)
    text = request.GET.get("q", "").strip()[:100]
    used = {question.item for question in form.questions()}
    rows = find_items(request.user, category=chosen, text=text)[: OFFERED + 1]
    items = [(item, str(item.uid) in used) for item in rows]
    return {
        "categories": categories,
        "chosen": chosen,
        "q": text,
        "items": items[:OFFERED],
        "more": len(items) > OFFERED,
    }


def _section(post: QueryDict, form: Form) -> int:
    said = post.get("section", "")
    return int(said) if said.isdigit() and len(said) < 4 else len(form.sections) - 1


def _add_item(form: Form, post: QueryDict, user: Any) -> Form:
    pk = post.get("item", "")
    item: Item = find_items(user).one(pk=pk if pk.isdigit() else 0)  # type: ignore[attr-defined]
    return composing.with_question(form, _section(post, form), composing.question_from(item))


def _add_question(form: Form, post: QueryDict, user: Any) -> Form:
    text = post.get("text", "").strip()
    if not text:
        raise Rejected({"text": "请填写检查内容"})
    kind = post.get("type", "text")
    made = composing.blank_question(kind if kind in ASKED else "text", text)
    return composing.with_question(form, _section(post, form), made)


EDITS: dict[str, Edit] = {
    "add_item": _add_item,
    "add_question": _add_question,
    "remove": lambda form, post, _: composing.without_question(form, post.get("uid", "")),
    "up": lambda form, post, _: composing.moved_question(form, post.get("uid", ""), -1),
    "down": lambda form, post, _: composing.moved_question(form, post.get("uid", ""), 1),
    "add_section": lambda form, post, _: composing.with_section(form, post.get("title", "").strip()),
    "rename_section": lambda form, post, _: composing.renamed_section(
        form, _section(post, form), post.get("title", "").strip()
    ),
    "remove_section": lambda form, post, _: composing.without_section(form, _section(post, form)),
    "section_up": lambda form, post, _: composing.moved_section(form, _section(post, form), -1),
    "section_down": lambda form, post, _: composing.moved_section(form, _section(post, form), 1),
}


@require_POST
def edit(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step of editing the working copy; htmx gets the outline anew, other browsers the page."""
    definition = kept(request, pk)
    if verb not in EDITS:
        raise Missing
    changed = EDITS[verb](definition.form(), request.POST, request.user)
    save_content(Actor.of(request), definition, changed, version=_version(request))
    if is_partial(request):
        return toast(_page(request, definition, "outline"), "已保存到草稿")
    return see_other(request, f"{LIST}{pk}/")


def _version(request: HttpRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() else None


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int, uid: str) -> HttpResponse:
    """One question's type, evidence, score, choices and conditions."""
    definition = kept(request, pk)
    whole = definition.form()
    known = whole.by_uid().get(uid)
    if known is None:
        raise Missing
    form = QuestionForm(definition.org, whole, known, request.POST or None)
    if request.method == "POST":
        actor = Actor.of(request)
        done = carry_out(form, lambda _: _save(actor, definition, whole, form.made(), _version(request)))
        if done:
            return see_other(request, f"{LIST}{pk}/")
    context = {
        "title": known.text,
        "crumbs": [Crumb("检查表", LIST), Crumb(definition.title, f"{LIST}{pk}/"), Crumb("这一题")],
        "form": form,
        "sections": None,
        "known": definition,
    }
    return render(request, "forms/one.html", context, status=422 if form.errors else 200)


FIELD_OF = {"options": "choices", "number": "maximum", "evidence": "photos"}


def _save(
    actor: Actor, definition: FormDefinition, whole: Form, made: Question, version: int | None
) -> FormDefinition:
    at, index = composing.place_of(whole, made.uid)
    place = f"sections.{at}.questions.{index}."
    try:
        return save_content(actor, definition, composing.replaced(whole, made), version=version)
    except Rejected as refusal:
        said = {name.removeprefix(place).split(".")[0]: texts for name, texts in refusal.fields.items()}
        raise Rejected({FIELD_OF.get(name, name): texts for name, texts in said.items()}) from None
