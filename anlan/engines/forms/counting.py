"""Reading counts of answers: whole months from the tallies, the rest as it is kept, in one statement."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from anlan.engines.forms.answers import COUNTED, LEVELS, Answer, under
from anlan.engines.forms.bank import Item
from anlan.engines.forms.designs import FormDefinition
from anlan.engines.forms.tallies import (
    COLUMNS,
    DAY,
    FORM,
    MONTH,
    SPANS,
    AnswerChange,
    AnswerTally,
    Key,
    sums_of_answers,
)
from anlan.engines.org.api import Kind, OrgUnit, require


@dataclass(frozen=True)
class ItemCount:
    """Counts of one bank item; ``checked`` leaves out what did not apply."""

    item: Item
    passed: int
    failed: int
    not_applicable: int

    @property
    def checked(self) -> int:
        """How often it was judged."""
        return self.passed + self.failed


def statistics(
    user: Any,
    permission: str,
    *,
    since: date | None = None,
    until: date | None = None,
    form: FormDefinition | None = None,
) -> list[ItemCount]:
    """Counts per bank item inside the person's scope, most failures first; days from ``since`` to ``until``."""
    units = OrgUnit.objects.filter(path__in=require(user, permission).paths)
    found = counts(units, ("item_id",), since=since, until=until, form=form)
    known = sorted(
        ((key[0], sums) for key, sums in found.items() if key[0]), key=lambda row: (-row[1][1], row[0])
    )
    items = Item.objects.unscoped().select_related("category").in_bulk([pk for pk, _ in known])
    return [ItemCount(items[pk], *sums) for pk, sums in known]


@dataclass(frozen=True)
class Days:
    """From ``first`` to before ``beyond``; None is open."""

    first: date | None = None
    beyond: date | None = None

    def on(self, field: str) -> Q:
        """The days as a condition."""
        limits = {f"{field}__gte": self.first, f"{field}__lt": self.beyond}
        return Q(**{name: day for name, day in limits.items() if day})

    def months(self) -> "Days":
        """The whole months inside; reversed where there is none."""
        first = None if self.first is None else _month(self.first - timedelta(days=1), 1)
        return Days(first, self.beyond and _month(self.beyond))

    def ends(self) -> list["Days"]:
        """What lies before and after the whole months."""
        whole = self.months()
        if whole.first and whole.beyond and whole.beyond < whole.first:
            return [self]
        ends = [Days(self.first, whole.first), Days(whole.beyond, self.beyond)]
        return [end for end in ends if end.first != end.beyond]


def _month(day: date, later: int = 0) -> date:
    return (day.replace(day=1) + timedelta(days=32 * later)).replace(day=1)


def counts(
    units: Iterable[OrgUnit],
    by: tuple[str, ...],
    *,
    since: date | None = None,
    until: date | None = None,
    form: FormDefinition | None = None,
) -> dict[Key, tuple[int, int, int]]:
    """Passed, failed and not applicable below ``units`` by the fields ``by``, from ``since`` to ``until``.

    One statement, so that what is folded meanwhile counts exactly once.
    """
    days = Days(since, until + timedelta(days=1) if until else None)
    parts = [_summed(part, by, form) for unit in units for part in _parts(unit, days)]
    found: dict[Key, Counter[int]] = {}
    for row in (
        parts[0].union(*parts[1:], all=True) if len(parts) > 1 else [row for part in parts for row in part]
    ):
        found.setdefault(row[: len(by)], Counter()).update(dict(enumerate(row[len(by) :])))
    return {key: (sums[0], sums[1], sums[2]) for key, sums in found.items() if any(sums.values())}


def _parts(unit: OrgUnit, days: Days) -> Iterator[QuerySet[Any]]:
    """Rows that together hold every answer of the days once; reversed ranges hold none."""
    answers = Answer.objects.filter(COUNTED, under(unit))
    if unit.kind not in LEVELS:
        yield answers.filter(days.on("day"))
        return
    yield from _folded(unit, MONTH, days.months())
    for end in days.ends():
        if DAY in SPANS[Kind(unit.kind)]:
            yield from _folded(unit, DAY, end)
        else:
            yield answers.filter(end.on("day"))


def _folded(unit: OrgUnit, span: str, days: Days) -> Iterator[QuerySet[Any]]:
    yield AnswerTally.objects.filter(days.on("since"), unit=unit, span=span)
    yield AnswerChange.objects.filter(days.on("day"), under(unit))


def _summed(part: QuerySet[Any], by: tuple[str, ...], form: FormDefinition | None) -> QuerySet[Any]:
    raw = part.model is Answer
    if form is not None:
        part = part.filter(**{FORM if raw else "form_id": form.pk})
    names = [F(FORM) if raw and name == "form_id" else name for name in by]
    sums = sums_of_answers() if raw else {f"{column}_": Sum(column) for column in COLUMNS.values()}
    found: QuerySet[Any] = part.order_by().values_list(*names).annotate(**sums)
    return found


def counted(
    unit: OrgUnit, by: tuple[str, ...], since: date | None = None, until: date | None = None
) -> dict[Key, Any]:
    """The raw count over all answers below a unit: what :func:`counts` must equal."""
    days = Days(since, until + timedelta(days=1) if until else None)
    rows = _summed(Answer.objects.filter(COUNTED, under(unit), days.on("day")), by, None)
    return {row[: len(by)]: row[len(by) :] for row in rows}
