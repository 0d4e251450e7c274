"""The ledgers of published statistics and of their corrections (NF.223)."""

from typing import Any

from django import forms
from django.http import HttpRequest

from anlan.engines.analytics.correcting import Cell, correct, present
from anlan.engines.analytics.publications import Correction, Publication
from anlan.engines.analytics.publishing import PUBLISH, tables_in
from anlan.engines.analytics.tables import TOTAL, Table
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, act, block, computed, ledger, rows

READERS = ("bureau_safety", "bureau_leader", "bureau_viewer", "upper_safety", "township_officer")
MOST_LINES = 500


class RecountForm(forms.Form):
    """Why the numbers are looked at again."""

    reason = forms.CharField(label="说明", max_length=150, required=False, help_text="写在更正原因之后")


@ledger
class Publications(Ledger):
    """Publications."""

    code = "analytics.publications"
    model = Publication
    title = "发布的统计"
    noun = "份"
    area, group, order = "safety", "分析", 590
    columns = "title org first_on last_on cut_off created_by"
    facts = "title org first_on last_on cut_off created_by sources note checked_at corrected"
    filters = "org last_on cut_off"
    search = "title org__name"
    key = "org title first_on last_on"
    sort = "-cut_off"
    readonly = True
    words = {"created_by": "发布人"}
    example = {"title": "隐患整改报表（镇街）", "first_on": "2026-01-01", "last_on": "2026-03-31"}
    roles = {"view": READERS, "export": READERS}
    happenings = {"publish": "发布", "recount": "核对补报数据"}

    @computed("更正", "number")
    def corrected(self, record: Publication) -> int:
        """How many numbers were corrected."""
        return Correction.unguarded.filter(publication=record).count()

    @act(
        "核对补报数据",
        PUBLISH,
        form=RecountForm,
        icon="refresh",
        effect="补录的数据登记为更正，已发布的数字不变",
    )
    def recount(self, actor: Actor, record: Publication, values: dict[str, Any]) -> None:
        """Write down what late data changed."""
        correct(actor, record, values["reason"])

    @block("数字", "analytics/numbers.html", printed=True)
    def numbers(self, request: HttpRequest, record: Publication) -> dict[str, Any]:
        """Every table as published, with the corrected number beside a published one."""
        now, tables = present(record), tables_in(record)
        return {"tables": [_shown(request, record, at, table, now) for at, table in enumerate(tables)]}

    @block("更正", "analytics/corrections.html", printed=True)
    def corrections(self, request: HttpRequest, record: Publication) -> dict[str, Any]:
        """Corrections, newest first, with the rows the person may see."""
        found = Correction.unguarded.filter(publication=record).order_by("-pk")
        return {"corrections": [_explained(request, one) for one in found[:MOST_LINES]]}

    @block("口径", "analytics/definition.html", printed=True)
    def definition(self, request: HttpRequest, record: Publication) -> dict[str, Any]:
        """What each number counts, as it was defined on the day of publication."""
        said = record.definition["tables"]
        tables = [(one, zip(one["columns"], one["words"], strict=True)) for one in said]
        shown = [(one["title"], one["by_title"], list(columns)) for one, columns in tables]
        return {"tables": shown, "period": record.definition.get("period_title", ""), "record": record}


def _shown(
    request: HttpRequest, record: Publication, at: int, table: Table, now: dict[Cell, int]
) -> dict[str, Any]:
    """One table: published lines, then those that came late, the total last."""
    published, words = record.numbers[at], record.lines[at]
    late = dict.fromkeys(cell.key for cell in now if cell.table == at and cell.key not in published)
    keys = [key for key in [*published, *late] if key != TOTAL]
    ordered = sorted(keys) if table.monthly else sorted(keys, key=lambda key: -published.get(key, [0])[0])
    titles = {**table.titles(list(late)), **words}
    lines = [
        (titles[key], _cells(request, record, (at, table), key, now))
        for key in [*ordered[:MOST_LINES], TOTAL]
    ]
    return {"title": table.title, "by": table.by_title or "项目", "columns": table.columns, "lines": lines}


def _cells(
    request: HttpRequest, record: Publication, place: tuple[int, Table], key: str, now: dict[Cell, int]
) -> list[dict[str, Any]]:
    at, table = place
    published = record.numbers[at].get(key, [0] * len(table.columns))
    found = []
    for column, value in enumerate(published):
        source = table.columns[column].source
        url = table.url(table.columns[column], key, record.org, record.period, record.definition["period"])
        opened = url if may(request.user, source.permission("view")) else ""
        corrected = now.get(Cell(at, column, key), value)
        found.append(
            {
                "title": table.columns[column].title,
                "value": value,
                "url": opened,
                "corrected": None if corrected == value else corrected,
            }
        )
    return found


def _explained(request: HttpRequest, one: Correction) -> dict[str, Any]:
    """A correction with those of its rows that this person may open."""
    source, found = one.source(), []
    if may(request.user, source.permission("view")):
        found = [
            (str(row), source.url_of(row)) for row in rows(source, request.user).filter(pk__in=one.rows)[:10]
        ]
    return {"one": one, "rows": found, "more": one.late - len(found)}


@ledger
class Corrections(Ledger):
    """Corrections of published numbers."""

    code = "analytics.corrections"
    model = Correction
    title = "统计更正"
    noun = "项"
    columns = "line publication measure before after found_at why late org"
    filters = "org publication found_at"
    search = "line measure why publication__title org__name"
    readonly = True
    roles = {"view": READERS, "export": READERS}
    happenings = {"correct": "登记更正"}
