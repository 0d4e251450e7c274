"""The auditor's page: search, one entry with old and new values, export. Reading is written down as well."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from anlan.engines.audit.actors import Actor
from anlan.engines.audit.entries import AuditEntry
from anlan.engines.audit.reading import EXPORT, VIEW, Question, entries_for
from anlan.engines.audit.sheets import csv_answer, xlsx_answer
from anlan.engines.audit.words import action_words, channel_words, field_words, model_words
from anlan.engines.audit.writing import log
from anlan.engines.identity.api import SignedRequest, needs
from anlan.engines.org.api import OrgUnit, may
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb, Fact
from anlan.shell.rows import Column

LIMIT = 100_000
LIST = Crumb("审计记录", "/audit/")


class QuestionForm(forms.Form):
    """The filters, as the address carries them."""

    person = forms.CharField(label="人员", max_length=40, required=False)
    action = forms.CharField(label="动作", max_length=60, required=False)
    target = forms.CharField(label="对象", max_length=60, required=False)
    unit = forms.CharField(label="单位", max_length=60, required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), ("done", "成功"), ("refused", "未成功")]
    )


def _asked(request: SignedRequest) -> tuple[QuestionForm, Question]:
    form = QuestionForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    return form, Question(**{name: value for name, value in values.items() if value})


def _outcome(entry: AuditEntry) -> tuple[str, str]:
    return ("done", "成功") if entry.succeeded else ("late", "未成功")


COLUMNS = [
    Column("at", "时间", "moment", on_phone="inline"),
    Column("action", "动作", "title", value=lambda entry: action_words(entry.action)),
    Column("actor", "人员", note=lambda entry: entry.ip),
    Column("title", "对象", "meta", note=lambda entry: model_words(entry.model)),
    Column("outcome", "结果", "chip", value=_outcome, on_phone="end"),
]


@needs(VIEW)
def trail(request: SignedRequest) -> HttpResponse:
    """Search the trail."""
    form, question = _asked(request)
    rows = entries_for(request.user).filter(question.condition())
    log(Actor.of(request), "audit.read", title=request.GET.urlencode()[:200], path=request.user.path)
    query = urlencode(request.GET)
    export = [
        Action("Excel", f"{reverse('audit_export', args=['xlsx'])}?{query}"),
        Action("CSV", f"{reverse('audit_export', args=['csv'])}?{query}"),
    ]
    return list_page(
        request,
        "审计记录",
        rows,
        COLUMNS,
        link=lambda entry: reverse("audit_entry", args=[entry.pk]),
        lede="谁在什么时候做了什么，原来是什么、改成什么。只增不改，查看也留痕。",
        question=form,
        export=export if may(request.user, EXPORT) else [],
        template="audit/trail.html",
    )


def _values(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    names = list(dict.fromkeys([*entry.before, *entry.after]))
    return [(field_words(entry.model, name), entry.before.get(name), entry.after.get(name)) for name in names]


@needs(VIEW)
def entry(request: SignedRequest, pk: int) -> HttpResponse:
    """One entry."""
    found = entries_for(request.user).filter(pk=pk).select_related("user", "seal").first()
    if found is None:
        raise Missing
    log(Actor.of(request), "audit.read", title=f"#{pk}", path=request.user.path)
    tone, word = _outcome(found)
    context = {
        "title": action_words(found.action),
        "crumbs": [LIST, Crumb(f"#{pk}")],
        "tone": tone,
        "state": word,
        "sections": [{"title": "经过", "id": "facts", "facts": _facts(found)}],
        "values": _values(found),
    }
    return render(request, "audit/entry.html", context)


def _facts(found: AuditEntry) -> list[Fact]:
    seal = getattr(found, "seal", None)
    return [
        Fact("时间", found.at),
        Fact("人员", f"{found.actor}（{found.user.username}）" if found.user else found.actor),
        Fact("来源地址", found.ip),
        Fact("途径", channel_words(found.channel)),
        Fact("对象", f"{model_words(found.model)} {found.title}".strip()),
        Fact("单位", _unit_words(found.path)),
        Fact("理由", found.reason),
        Fact("链上位置", seal.position if seal else "待入链"),
    ]


def _unit_words(path: str) -> str:
    codes = [code for code in path.split("/") if code]
    names = OrgUnit.objects.filter(code__in=codes).order_by("path").values_list("name", flat=True)
    return " / ".join(names) or path


HEADS = (
    "时间",
    "人员",
    "账号",
    "来源地址",
    "途径",
    "动作",
    "对象类型",
    "对象",
    "单位路径",
    "结果",
    "原值",
    "新值",
    "理由",
)


def _row(found: AuditEntry) -> tuple[str, ...]:
    username = found.user.username if found.user else ""
    outcome = _outcome(found)[1]
    what = (action_words(found.action), model_words(found.model), found.title, found.path, outcome)
    who = (found.at.isoformat(timespec="seconds"), found.actor, username, found.ip, found.channel)
    return (*who, *what, str(found.before or ""), str(found.after or ""), found.reason)


ANSWERS = {"xlsx": xlsx_answer, "csv": csv_answer}


@needs(EXPORT)
def export(request: SignedRequest, kind: str) -> HttpResponse:
    """The search as a file; who took it and how many rows is written down first."""
    if kind not in ANSWERS:
        raise Missing
    rows = entries_for(request.user, EXPORT).filter(_asked(request)[1].condition()).select_related("user")
    count = rows.count()
    if count > LIMIT:
        raise Rejected({"": f"共 {count:,} 条，一次最多导出 {LIMIT:,} 条，请缩小范围"})
    log(
        Actor.of(request),
        "audit.export",
        title=request.GET.urlencode()[:200],
        path=request.user.path,
        after={"rows": count, "kind": kind},
    )
    return ANSWERS[kind]("审计记录", HEADS, _rows(rows), request.user.name)


def _rows(rows: Any) -> Iterator[tuple[str, ...]]:
    return (_row(found) for found in rows.iterator(2000))
