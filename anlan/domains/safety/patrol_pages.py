"""A school starts a patrol of its own (SAF.05)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.domains.safety.inspection import ISSUE
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.domains.safety.patrol_form import PatrolForm
from anlan.domains.safety.planning import PATROL, start_patrol
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import FormDefinition
from anlan.engines.org.api import Kind, OrgUnit, require
from anlan.engines.registry.api import fresh_key, once
from anlan.kernel.errors import Forbidden, Rejected
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Crumb
from anlan.shell.responses import render_block

PATH = "/safety/patrol/"
add_page(Page("safety", "日常", "校内巡查", PATH, PATROL, None, 12))


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Choose mode, form and day; then the task is there, begun."""
    school = _school(request)
    form = PatrolForm(request.POST or None)
    modes = InspectionMode.objects.visible(request.user, "safety.inspection_modes.view").filter(
        disabled=False
    )
    form.fields["mode"].queryset = modes.filter(archived_at=None)  # type: ignore[attr-defined]
    form.fields["form"].queryset = _forms(school)  # type: ignore[attr-defined]
    if form.is_valid() and (answer := _start(request, school, form)):
        return answer
    context = {
        "title": "校内巡查",
        "lede": f"{school}，选好检查表就开始；手机没有网络也能填。",
        "crumbs": [Crumb("巡查任务", "/safety/inspections/"), Crumb("校内巡查")],
        "form": form,
        "primary": "开始巡查",
        "key": fresh_key(),
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)


def _start(request: HttpRequest, school: OrgUnit, form: PatrolForm) -> HttpResponse | None:
    actor, said = Actor.of(request), form.cleaned_data

    def work() -> str:
        return start_patrol(actor, school, said["mode"], said["form"], said["day"]).get_absolute_url()

    try:
        return once(request, actor, work)
    except Rejected as refused:
        for name, texts in refused.fields.items():
            form.add_error(name if name in form.fields else None, list(texts))
        return None


def _school(request: HttpRequest) -> OrgUnit:
    found = require(request.user, PATROL)
    unit = OrgUnit.objects.filter(path__in=found.paths, kind=Kind.SCHOOL).order_by("pk").first()
    if unit is None:
        raise Forbidden(PATROL)
    require(request.user, ISSUE)
    return unit


def _forms(school: OrgUnit) -> object:
    codes = school.ancestor_codes()
    return FormDefinition.unguarded.filter(org__code__in=codes, state="in_use", archived_at=None)
