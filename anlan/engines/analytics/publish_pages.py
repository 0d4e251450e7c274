"""The page that publishes a report or an analysis: for which unit, which period, under which grouping."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.engines.analytics.publications import Publication
from anlan.engines.analytics.publishing import PUBLISH, Wish, publish, sources_of
from anlan.engines.analytics.tables import Subject, groupings_of, tables_of
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import Kind, OrgUnit, below, may, require
from anlan.engines.registry.api import fresh_key, ledgers, once
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from anlan.shell.parts import Action, Crumb
from anlan.shell.picking import Lookup, choice, lookups
from anlan.shell.responses import render_block

LOOKUP = "publishing"
DAY = forms.DateInput(format="%Y-%m-%d")


def units_for(user: Any) -> Any:
    """Units whose numbers the person may publish; Forbidden without the right."""
    found = require(user, PUBLISH)
    return OrgUnit.objects.filter(below(found.paths, ""), closed_on=None).exclude(kind=Kind.AGENCY)


lookups.add(LOOKUP, Lookup(LOOKUP, units_for))


class PublishForm(forms.Form):
    """What to publish."""

    first_on = forms.DateField(label="时段自", widget=DAY)
    last_on = forms.DateField(label="时段至", widget=DAY)
    grouping = forms.ChoiceField(label="统计口径")
    sources = forms.CharField(label="数据来源", widget=forms.Textarea, max_length=500)
    note = forms.CharField(label="说明", widget=forms.Textarea, max_length=500, required=False)

    def __init__(self, subject: Subject, user: Any, data: Any = None) -> None:
        today = clock.today()
        begin = {
            "first_on": today.replace(day=1),
            "last_on": today,
            "sources": sources_of(tables_of(subject)),
        }
        super().__init__(data, initial=begin)
        self.fields["unit"] = choice(LOOKUP, user, label="发布单位", help_text="包括它的全部下级单位")
        self.fields["unit"].initial = units_for(user).order_by("path").first()
        groupings = groupings_of(subject)
        self.fields["grouping"].choices = groupings  # type: ignore[attr-defined]
        if not groupings:
            del self.fields["grouping"]
        self.order_fields(["unit", "first_on", "last_on", "grouping", "sources", "note"])


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Ask, then freeze the numbers; 409 for what is published already."""
    require(request.user, PUBLISH)
    form = PublishForm(subject, request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, subject, form, 422 if form.is_bound else 200)
    actor, said = Actor.of(request), dict(form.cleaned_data)
    unit = said.pop("unit")

    def work() -> str:
        return publish(actor, subject, unit, Wish(**said)).get_absolute_url()

    try:
        return once(request, actor, work)
    except Rejected as refused:
        for name, texts in refused.fields.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return _show(request, subject, form, 422)
    except Conflict as refused:
        # What the service wrote down about it went back with the transaction.
        log(actor, "refused:publish", unit, title=subject.title, path=unit.path, succeeded=False)
        form.add_error(None, refused.message)
        return _show(request, subject, form, 409)


def _show(request: HttpRequest, subject: Subject, form: PublishForm, status: int) -> HttpResponse:
    context = {
        "title": f"发布{subject.title}",
        "lede": "数字连同口径固定下来，以后不能改写；晚到的数据作为更正列在旁边。",
        "crumbs": [Crumb(subject.title, subject.url), Crumb("发布")],
        "form": form,
        "primary": "发布",
        "others": [Action("取消", subject.url, "quiet")],
        "key": fresh_key(),
    }
    return render_block(request, "shell/form.html", "form", context, status)


def publishing(request: HttpRequest, subject: Subject) -> list[Action]:
    """The buttons of a report's page: publishing it, and what is published."""
    found, register = [], ledgers["analytics.publications"]
    view = register.permission("view")
    published = Publication.objects.visible(request.user, view) if may(request.user, view) else None
    if published is not None and published.filter(source=subject.code).exists():
        found.append(Action("已发布", f"{register.url}?q={subject.title}"))
    if may(request.user, PUBLISH):
        found.append(Action("发布", f"{subject.url}publish"))
    return found
