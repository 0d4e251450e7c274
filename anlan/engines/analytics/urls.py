"""Addresses of the declared analysis pages, and their places in the navigation."""

from functools import partial

from django.urls import URLPattern, path

from anlan.engines.analytics import pages, publish_pages, sheet_pages, workbench
from anlan.engines.analytics.declaring import analyses
from anlan.engines.analytics.sheets import sheets
from anlan.shell.navigation import Page, add_page, areas

urlpatterns: list[URLPattern] = [path("", workbench.page, name="workbench")]
add_page(Page("home", "我的", "工作台", "/", order=10))
for item in analyses:
    stem = item.url.lstrip("/")
    urlpatterns += [
        path(stem, partial(pages.page, analysis=item), name=f"analysis-{item.code}"),
        path(f"{stem}export", partial(pages.export, analysis=item)),
        path(f"{stem}publish", partial(publish_pages.page, subject=item)),
    ]
    if item.area in areas:
        add_page(Page(item.area, item.group, item.title, item.url, item.permission, None, item.order))
for report in sheets:
    stem = report.url.lstrip("/")
    urlpatterns += [
        path(stem, partial(sheet_pages.page, sheet=report), name=f"sheet-{report.code}"),
        path(f"{stem}export", partial(sheet_pages.export, sheet=report)),
        path(f"{stem}publish", partial(publish_pages.page, subject=report)),
    ]
    if report.area in areas:
        add_page(
            Page(report.area, report.group, report.title, report.url, report.permission, None, report.order)
        )
