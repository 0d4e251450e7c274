"""What is missing, summed up as a building list with estimated cost (N1.08)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.site_security.compliance import VIEW, Question, rows_of
from anlan.domains.site_security.editions import Requirement
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.surveys import UNMET
from anlan.engines.analytics.api import Answer, Cell, Line, show
from anlan.engines.org.api import OrgUnit, Record, require
from anlan.engines.registry.api import Ledger, ledger
from anlan.kernel.numbers import money_text
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Stat

URL = "/site-security/building/"
HEAD = ("要求", "应达未达（处）", "宜达未达（处）", "参考单价（元）", "“应”项估算（元）", "“宜”项估算（元）")
UNPRICED, LONGEST = "未定价", 18
WATCHERS = "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin"

add_page(Page("safety", "重点部位", "防护建设清单", URL, VIEW, None, 240))


class Price(Record):
    """What meeting a requirement at one place costs, as an area (``org``) estimates it; yuan."""

    INHERITED = True

    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="prices", verbose_name="防护要求"
    )
    equipment = models.CharField("设备或工程", max_length=80)
    amount = models.DecimalField(
        "参考单价（元）", max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta(Record.Meta):
        verbose_name = "参考单价"
        ordering = ["requirement"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "requirement"],
                name="site_security_price_once",
                condition=Q(archived_at=None),
                violation_error_message="这条要求已有参考单价",
            )
        ]

    def __str__(self) -> str:
        return self.equipment


@ledger
class Prices(Ledger):
    """Estimates, kept by the bureau."""

    code = "site_security.prices"
    model = Price
    title, noun, icon = "防护参考单价", "条", "certificate"
    area, group, order = "safety", "设置", 970
    columns = "equipment requirement amount org"
    filters = "org requirement__edition"
    search = "equipment requirement__text"
    key = "org requirement"
    form = "org requirement equipment amount"
    example = {"equipment": "紧急报警装置", "amount": "1500.00"}
    roles = {
        "view": WATCHERS,
        "add": "bureau_safety",
        "edit": "bureau_safety",
        "archive": "bureau_safety",
        "import": "bureau_safety",
        "export": WATCHERS,
    }


def prices_at(area: OrgUnit) -> dict[int, Price]:
    """Estimate by requirement: that of the nearest area that made one."""
    rows: Any = Price.objects.unscoped().filter(archived_at=None, org__code__in=area.ancestor_codes())
    return {
        row.requirement_id: row
        for row in sorted(rows.select_related("org"), key=lambda row: len(row.org.path))
    }


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list or a file of it; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = Question.of(request)
    answer = _answer(request, form) if form.is_valid() else None
    return show(request, "防护建设清单", form, answer)


def _answer(request: HttpRequest, form: Question) -> Answer:
    area, edition = form.settled(request.user)
    rows = rows_of(request.user, area, edition).filter(result__in=UNMET)
    must, should = Count("pk", filter=Q(level="must")), Count("pk", filter=Q(level="should"))
    counted = list(rows.order_by().values("requirement").annotate(must=must, should=should))
    base = {
        "edition": str(edition.pk) if edition else "0",
        "org": str(area.pk),
        "result": [one.value for one in UNMET],
    }
    lines, sums = _lines(counted, prices_at(area), base)
    unpriced = sum(line.cells[2].shown == UNPRICED for line in lines)
    return Answer(
        HEAD,
        lines,
        total=Line("合计", [Cell(text) for text in sums]),
        lede=f"{area}，{edition or '还没有选用标准版本'}。没有达到和没有填报的要求，按每处一套估算。",
        note=f"{unpriced} 项还没有参考单价，未计入合计；在“防护参考单价”中维护。" if unpriced else "",
        stats=[Stat("“应”项估算", sums[3]), Stat("“宜”项估算", sums[4])],
    )


def _lines(
    counted: list[dict[str, Any]], prices: dict[int, Price], base: dict[str, Any]
) -> tuple[list[Line], list[str]]:
    requirements = Requirement.objects.unscoped().in_bulk([row["requirement"] for row in counted])
    lines, totals = [], [0, 0]
    money = [Decimal(0), Decimal(0)]
    for row in sorted(counted, key=lambda row: (-row["must"], -row["should"], row["requirement"])):
        requirement, price = requirements[row["requirement"]], prices.get(row["requirement"])
        amounts = [price.amount * row[level] if price else None for level in ("must", "should")]
        totals = [totals[0] + row["must"], totals[1] + row["should"]]
        money = [sum_ + (amount or 0) for sum_, amount in zip(money, amounts, strict=True)]
        lines.append(_line(requirement, row, price, amounts, base))
    return lines, [f"{totals[0]:,}", f"{totals[1]:,}", "", money_text(money[0]), money_text(money[1])]


def _line(
    requirement: Requirement,
    row: dict[str, Any],
    price: Price | None,
    amounts: Iterable[Decimal | None],
    base: dict[str, Any],
) -> Line:
    words = price.equipment if price else requirement.text
    title = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    found = base | {"q": requirement.code}
    cells = [
        Cell(
            f"{row[level]:,}", f"/site-security/statements/?{urlencode(found | {'level': level}, doseq=True)}"
        )
        for level in ("must", "should")
    ]
    cells.append(Cell(money_text(price.amount) if price else UNPRICED))
    cells += [Cell(money_text(amount) if amount is not None else UNPRICED) for amount in amounts]
    measure = MEASURES.get(requirement.measure, requirement.measure)
    return Line(f"{title}（{requirement.code}，{measure}）", cells, requirement.get_absolute_url())
