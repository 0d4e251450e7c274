"""The list of personal data: each field with purpose, legal basis and retention; and the nightly erasing (MLPS.19)."""

from itertools import groupby
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.org.api import declare_permission, require
from anlan.engines.registry.api import erase_due, personal_fields
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.shell.navigation import Page, add_page

VIEW = "base.personal_data.view"
declare_permission(
    VIEW, "查看个人信息清单", ("bureau_safety", "bureau_leader", "unit_admin", "system_admin", "auditor")
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Fields by subject."""
    require(request.user, VIEW)
    items = sorted(personal_fields, key=lambda item: item.code)
    subjects = [
        (apps.get_model(label)._meta.verbose_name, [_row(item) for item in found])
        for label, found in groupby(items, key=lambda item: item.model)
    ]
    return render(request, "base/personal_data.html", {"subjects": subjects, "total": len(items)})


def _row(item: Any) -> dict[str, Any]:
    field = apps.get_model(item.model)._meta.get_field(item.name)
    return {"title": field.verbose_name, "code": item.code, "said": item.said}


@background("到期个人信息匿名")
def erase_personal_data(job: Job) -> dict[str, Any]:
    """Make anonymous what is past its retention."""
    return {"erased": erase_due()}


declare_periodic("base.personal_data", "10 2 * * *", erase_personal_data)
add_page(Page("base", "数据标准", "个人信息清单", "/base/personal-data/", VIEW, order=201))
