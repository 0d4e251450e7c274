"""What maintenance cost, by kind of facility and year (R.33)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.physical.facilities import Facility
from anlan.domains.physical.maintenance import Maintenance
from anlan.engines.analytics.api import Answer, AreaForm, Cell, Line, declare_areas, show
from anlan.engines.org.api import OrgUnit, require
from anlan.kernel.errors import Missing
from anlan.shell.navigation import Page, add_page

URL, TITLE, VIEW = "/physical/maintenance-costs/", "设施维护费用", "physical.maintenance.view"
YEARS = 5
Sums = dict[tuple[str, int], Decimal]

add_page(Page("safety", "实体防护", TITLE, URL, VIEW, None, 309))


AREAS = declare_areas("maintenance-areas", VIEW)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; Missing for a unit outside the person's scope."""
    require(request.user, VIEW)
    form = AreaForm(request.GET)
    form.ask_within(request.user, VIEW, AREAS)
    if not form.is_valid():
        raise Missing
    area = form.settled_area(request.user, VIEW)
    rows = Maintenance.objects.visible(request.user, VIEW).filter(org__path__startswith=area.path)
    dated = rows.filter(archived_at=None).annotate(year=ExtractYear("day")).order_by()
    found = dated.values("facility__kind", "year").annotate(total=Sum("cost"))
    sums = {(row["facility__kind"], row["year"]): row["total"] for row in found}
    years = sorted({year for _, year in sums}, reverse=True)[:YEARS]
    lede = f"{area}，维护记录登记的费用，单位元；最近 {YEARS} 个有记录的年份。"
    head = ("设施种类", *(f"{year} 年" for year in years), "合计")
    lines, total = list(_lines(sums, years, area)), _line("合计", sums, years, area)
    return show(request, TITLE, form, Answer(head, lines, total=total, lede=lede))


def _lines(sums: Sums, years: list[int], area: OrgUnit) -> Iterator[Line]:
    titles: dict[str, Any] = dict(Facility._meta.get_field("kind").flatchoices)
    for kind in sorted({kind for kind, _ in sums}):
        yield _line(str(titles.get(kind, kind)), sums, years, area, kind)


def _line(title: str, sums: Sums, years: list[int], area: OrgUnit, kind: str = "") -> Line:
    """Costs of a kind, or of all, each with its list."""
    own = {key: cost for key, cost in sums.items() if kind in ("", key[0]) and key[1] in years}
    query = f"/physical/maintenance/?org={area.pk}&archived=0"
    query += f"&facility__kind={kind}" if kind else ""
    cells = []
    for year in years:
        cost = sum((one for key, one in own.items() if key[1] == year), Decimal())
        cells.append(Cell(f"{cost:,.2f}", f"{query}&day_from={year}-01-01&day_to={year}-12-31"))
    first, last = (min(years), max(years)) if years else (0, 0)
    span = f"{query}&day_from={first}-01-01&day_to={last}-12-31"
    return Line(title, [*cells, Cell(f"{sum(own.values(), Decimal()):,.2f}", span)])
