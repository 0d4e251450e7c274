"""The page of the data catalogue."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.base.data_catalogue import catalogue
from anlan.engines.org.api import declare_permission, require
from anlan.shell.navigation import Page, add_page

VIEW = "base.data_catalogue.view"
declare_permission(VIEW, "查看数据目录", ("bureau_safety", "bureau_leader", "unit_admin", "system_admin"))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Items by subject."""
    require(request.user, VIEW)
    items = catalogue()
    subjects = [(subject, list(found)) for subject, found in groupby(items, key=lambda item: item.subject)]
    return render(request, "base/catalogue.html", {"subjects": subjects, "total": len(items)})


add_page(Page("base", "数据标准", "数据目录", "/base/data-catalogue/", VIEW, order=200))
