"""Compliance in figures: by area, school, kind of location and measure, must and should apart (N1.08)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.site_security.editions import Edition, LocationKind, edition_for
from anlan.domains.site_security.loading import MEASURES
from anlan.domains.site_security.registers import Statements, Surveys
from anlan.domains.site_security.surveys import UNMET, Statement, Verdict
from anlan.engines.analytics.api import (
    Answer,
    AreaForm,
    Cell,
    Chart,
    Figure,
    Line,
    Offer,
    declare_areas,
    offer,
    show,
)
from anlan.engines.org.api import Kind, OrgUnit, require
from anlan.engines.registry.api import ledgers
from anlan.kernel.numbers import percent_text, share
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, Stat, View
from anlan.shell.tables import address

URL, VIEW = "/site-security/compliance/", "site_security.statements.view"
GROUPINGS = {"area": "按地区", "school": "按学校", "kind": "按部位", "measure": "按措施"}
HEAD = ("应：达到", "应：应达", "应：达标率", "宜：达到", "宜：应达", "宜：达标率", "未填报")
COUNTED = [verdict.value for verdict in Verdict if verdict != Verdict.NOT_APPLICABLE]
UNMET_QUERY = "level=must&" + "&".join(f"result={code.value}" for code in UNMET)

add_page(Page("safety", "重点部位", "防护达标统计", URL, VIEW, None, 230))
offer(
    Offer(
        "site_security",
        (
            Figure("重点部位应达未达", ledgers[Statements.code], UNMET_QUERY, "项"),
            Figure("防护对照待核对", ledgers[Surveys.code], "state=submitted", "校"),
        ),
    )
)


AREAS = declare_areas("site-security-areas", VIEW)


class Question(AreaForm):
    """Which area, under which edition."""

    edition = forms.ModelChoiceField(Edition.unguarded.none(), label="标准版本", required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        """With the areas and editions within the person's sight."""
        form = cls(request.GET)
        form.ask_within(request.user, VIEW, AREAS)
        editions = Edition.objects.visible(request.user, VIEW).filter(archived_at=None)
        form.fields["edition"].queryset = editions  # type: ignore[attr-defined]
        return form

    def settled(self, user: Any) -> tuple[OrgUnit, Edition | None]:
        """The area (default: the highest of the person) and the edition (default: the one in force there)."""
        area = self.settled_area(user, VIEW)
        return area, self.cleaned_data["edition"] or edition_for(area) or _first_used(area)


def _first_used(area: OrgUnit) -> Edition | None:
    """For areas that leave the choice to those below: the edition most used there."""
    rows = Statement.objects.unscoped().filter(org__path__startswith=area.path, archived_at=None)
    return Edition.objects.unscoped().filter(pk__in=rows.values("edition")[:1]).first()


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = Question.of(request)
    answer = _answer(request, form) if form.is_valid() else None
    return show(request, "防护达标统计", form, answer)


def rows_of(user: Any, area: OrgUnit, edition: Edition | None) -> Any:
    """Statements that count: of the area, under the edition, those that do not apply left out."""
    rows = Statement.objects.visible(user, VIEW).filter(archived_at=None, edition=edition)
    return rows.filter(org__path__startswith=area.path).exclude(result=Verdict.NOT_APPLICABLE)


def figures(rows: Any, key: str) -> list[dict[str, Any]]:
    """Met and counted, must and should apart, and unfilled, by a field."""
    sums = {"blank": Count("pk", filter=Q(result=Verdict.UNFILLED))}
    for level in ("must", "should"):
        sums[f"{level}_all"] = Count("pk", filter=Q(level=level))
        sums[f"{level}_met"] = Count("pk", filter=Q(level=level, result=Verdict.MET))
    return list(rows.order_by().values(key).annotate(**sums))


def _answer(request: HttpRequest, form: Question) -> Answer:
    area, edition = form.settled(request.user)
    said = form.cleaned_data["by"]
    by = said if said in GROUPINGS else ("area" if area.kind != Kind.SCHOOL else "kind")
    rows = rows_of(request.user, area, edition)
    base = {"edition": str(edition.pk) if edition else "0", "org": str(area.pk)}
    lines = list(_lines(by, rows, base, area))
    total = _line(str(area), _sum(figures(rows, "edition")), base)
    worst = sorted((line for line in lines if line.cells[2].shown != EMPTY), key=_rate)[:10]
    ranks = [
        Rank(line.title, float(_rate(line)), f"{_rate(line):.0f}%", line.url or line.cells[1].url)
        for line in worst
    ]
    return Answer(
        (GROUPINGS[by].removeprefix("按"), *HEAD),
        lines,
        total=total,
        lede=f"{area}，{edition or '还没有选用标准版本'}。不适用的不计入；没填报的按未达到计。",
        stats=_stats(total),
        charts=[Chart("“应”项达标率最低的", ranks, 100.0)],
        views=[
            View(title, address(request, by=code), current=code == by) for code, title in GROUPINGS.items()
        ],
    )


EMPTY = "—"


def _rate(line: Line) -> Decimal:
    return Decimal(line.cells[2].shown.removesuffix("%"))


def _stats(total: Line) -> list[Stat]:
    must, should = total.cells[2], total.cells[5]
    return [
        Stat("“应”项达标率", must.shown, total.cells[1].url),
        Stat("“宜”项达标率", should.shown, total.cells[4].url),
        Stat("未填报", total.cells[6].shown, total.cells[6].url, "项"),
    ]


def _sum(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    names = ("must_met", "must_all", "should_met", "should_all", "blank")
    found = dict.fromkeys(names, 0)
    for row in rows:
        for name in names:
            found[name] += row[name]
    return found


def _lines(by: str, rows: Any, base: dict[str, str], area: OrgUnit) -> Iterable[Line]:
    if by in ("area", "school"):
        yield from _by_unit(by, figures(rows, "org"), base, area)
    elif by == "kind":
        kinds = LocationKind.objects.unscoped().in_bulk()
        for row in sorted(figures(rows, "kind"), key=lambda row: kinds[row["kind"]].number):
            yield _line(str(kinds[row["kind"]]), row, base | {"kind": str(row["kind"])})
    else:
        for row in figures(rows, "measure"):
            title = MEASURES.get(row["measure"], row["measure"])
            yield _line(title, row, base | {"measure": row["measure"]})


def _by_unit(by: str, rows: list[dict[str, Any]], base: dict[str, str], area: OrgUnit) -> Iterable[Line]:
    """Schools, or the units directly below the area with everything under them."""
    schools = OrgUnit.objects.in_bulk([row["org"] for row in rows])
    below = OrgUnit.objects.filter(parent=area).order_by("path") if by == "area" else None
    units = list(below) if below is not None else sorted(schools.values(), key=lambda unit: unit.path)
    for unit in units:
        mine = [row for row in rows if schools[row["org"]].path.startswith(unit.path)]
        if not mine:
            continue
        down = f"{URL}?area={unit.pk}&edition={base['edition']}" + (
            "&by=kind" if unit.kind == Kind.SCHOOL else ""
        )
        yield _line(str(unit), _sum(mine), base | {"org": str(unit.pk)}, down)


def _line(title: str, row: dict[str, int], base: dict[str, str], url: str = "") -> Line:
    def at(**more: Any) -> str:
        return f"/site-security/statements/?{urlencode(base | more, doseq=True)}"

    cells: list[Cell] = []
    for level in ("must", "should"):
        met, whole = row[f"{level}_met"], row[f"{level}_all"]
        ratio = share(met, whole)
        cells += [
            Cell(f"{met:,}", at(level=level, result=["met"])),
            Cell(f"{whole:,}", at(level=level, result=COUNTED)),
            Cell(percent_text(ratio) if ratio is not None else EMPTY),
        ]
    cells.append(Cell(f"{row['blank']:,}", at(result=["unfilled"])))
    return Line(title, cells, url)
