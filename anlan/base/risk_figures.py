"""One table of all modules by the common kinds of risk; every number opens its list (X.16)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.base.risk_uses import risk_uses
from anlan.base.risks import VIEW
from anlan.engines.analytics.api import Answer, Cell, Line, show
from anlan.engines.org.api import may, require
from anlan.engines.registry.api import RiskCategory
from anlan.shell.navigation import Page, add_page

TITLE, URL = "风险类别统计", "/base/risk-figures/"
add_page(Page("safety", "分析", TITLE, URL, VIEW, None, 530))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Kinds by modules, as far as the person may see them; as a file with ``export``."""
    user: Any = request.user
    require(user, VIEW)
    uses = [use for use in risk_uses if may(user, use.right)]
    columns = [(use, use.numbers(user)) for use in uses]
    return show(
        request,
        TITLE,
        forms.Form(),
        Answer(
            ("风险类别", *(use.title for use in uses)),
            list(_lines(user, columns)),
            lede="各模块使用同一套风险类别。点数字看明细。",
            note="没有选风险类别的记录不在表内；随手报按其类别所属的风险类别统计。",
        ),
    )


def _lines(user: Any, columns: list[Any]) -> Iterator[Line]:
    """Kinds in use in their order, and those out of use that something still names."""
    offered = set(RiskCategory.objects.visible(user, VIEW).values_list("pk", flat=True))
    named = {code for _, numbers in columns for code in numbers}
    kinds: dict[str, list[RiskCategory]] = defaultdict(list)
    for kind in RiskCategory.objects.unscoped().filter(archived_at=None):
        kinds[kind.code].append(kind)
    for code, found in kinds.items():
        seen = [kind for kind in found if kind.pk in offered] or found
        in_use = any(kind.pk in offered and not kind.retired for kind in found)
        if in_use or code in named:
            cells = [_cell(numbers.get(code, 0), use.url(found)) for use, numbers in columns]
            yield Line(seen[0].title if in_use else f"{seen[0].title}（已停用）", cells)


def _cell(n: int, url: str) -> Cell:
    return Cell(f"{n:,}", url if n else "")
