"""Pages of a part of a special check beside its ledger: writing verdicts, raising a hazard (SAF.13)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from anlan.domains.safety.asking import CategoryForm
from anlan.domains.safety.judging import LEVELS, judge, raise_hazard
from anlan.domains.safety.special import SpecialPart
from anlan.engines.audit.api import Actor
from anlan.kernel.errors import Missing
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block, see_other

VIEW = "safety.special_parts.view"


@require_POST
def write(request: HttpRequest, pk: int, level: str) -> HttpResponse:
    """Store one level's verdicts, item by item."""
    part = SpecialPart.objects.visible(request.user, VIEW).one(pk=pk)
    if level not in LEVELS:
        raise Missing
    said = {
        item: (request.POST.get(f"verdict-{item}", ""), request.POST.get(f"text-{item}", "")[:500])
        for item in part.results.values_list("item", flat=True)
        if f"verdict-{item}" in request.POST
    }
    judge(Actor.of(request), part, level, said)
    return see_other(request, part.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def to_hazard(request: HttpRequest, pk: int, result: int) -> HttpResponse:
    """Ask for the category, then make the hazard."""
    part = SpecialPart.objects.visible(request.user, VIEW).one(pk=pk)
    row = part.results.select_related("item", "hazard").filter(pk=result).first()
    if row is None:
        raise Missing
    form = CategoryForm(request.POST or None)
    form.fields["category"].queryset = form.fields["category"].queryset.filter(  # type: ignore[attr-defined]
        org__code__in=part.org.ancestor_codes()
    )
    if form.is_valid():
        return see_other(
            request, raise_hazard(Actor.of(request), row, form.cleaned_data["category"]).get_absolute_url()
        )
    context = {
        "title": f"转为隐患：{row.item.wording}",
        "crumbs": [
            Crumb("专项检查办理", "/safety/special-parts/"),
            Crumb(str(part), part.get_absolute_url()),
        ],
        "form": form,
        "primary": "转为隐患",
        "others": [Action("取消", part.get_absolute_url(), "quiet")],
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)
