"""Turning an item that failed into a hazard: the category is asked for first (SAF.15)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.domains.safety.judging import raise_hazard
from anlan.domains.safety.special import SpecialPart
from anlan.domains.safety.special_forms import CategoryForm
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import RiskCategory
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block, see_other

VIEW = "safety.special_parts.view"


@require_http_methods(["GET", "HEAD", "POST"])
def to_hazard(request: HttpRequest, pk: int, result: int) -> HttpResponse:
    """Ask for the category, then make the hazard."""
    part = SpecialPart.objects.visible(request.user, VIEW).one(pk=pk)
    row = SpecialResult.objects.unscoped().select_related("item", "hazard", "part").one(part=part, pk=result)
    form = CategoryForm(request.POST if request.method == "POST" else None)
    rows = RiskCategory.unguarded.filter(org__code__in=part.org.ancestor_codes(), retired=False)
    form.fields["category"].queryset = rows  # type: ignore[attr-defined]
    if form.is_valid():
        hazard = raise_hazard(Actor.of(request), row, form.cleaned_data["category"])
        return see_other(request, hazard.get_absolute_url())
    context = {
        "title": f"转为隐患：{row.item.wording}",
        "lede": "生成的隐患进入隐患台账，按整改、复查、销号的流程办理。",
        "crumbs": [
            Crumb("专项检查办理", "/safety/special-parts/"),
            Crumb(str(part), part.get_absolute_url()),
            Crumb("转为隐患"),
        ],
        "form": form,
        "primary": "转为隐患",
        "others": [Action("取消", part.get_absolute_url(), "quiet")],
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)
