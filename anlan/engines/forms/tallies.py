"""Counts of answers: a journal written with every submission, folded into rows per unit and month.

A submission only adds rows to the journal, so that no two submissions wait for each other at the rows of their
county or province. Whoever reads adds what is not folded yet in the same statement, so the counts equal a count
of the answers at any moment (docs/adr/0006).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, F, Max, Q, Value
from django.db.models.functions import TruncMonth

from anlan.engines.forms.answers import COUNTED, LEVELS, Answer, ancestor_ids
from anlan.engines.forms.bank import Item
from anlan.engines.forms.definition import FAIL, NOT_APPLICABLE, PASS
from anlan.engines.forms.designs import FormDefinition
from anlan.engines.forms.responses import Response
from anlan.engines.org.api import Kind, Moved, OrgUnit
from anlan.kernel import events

COLUMNS = {PASS: "passed", FAIL: "failed", NOT_APPLICABLE: "not_applicable"}
MONTH, DAY = "month", "day"
SPANS = {Kind.PROVINCE: (MONTH, DAY), Kind.CITY: (MONTH, DAY), Kind.COUNTY: (MONTH,), Kind.TOWNSHIP: (MONTH,)}
KEY = ("unit_id", "span", "since", "form_id", "question")
NAMES = (*KEY, "item_id", *COLUMNS.values())
FORM = "response__form_version__definition_id"
CHUNK, BATCH = 500, 5_000

Key = tuple[Any, ...]


class _Counts(models.Model):
    """A question keeps its bank item through all versions, so ``item`` follows from form and question."""

    form = models.ForeignKey(FormDefinition, models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=36)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    passed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)

    class Meta:
        abstract = True


class AnswerChange(_Counts):
    """The journal: what submissions added and reopenings took away since the last folding."""

    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    province_id = models.BigIntegerField(null=True)
    city_id = models.BigIntegerField(null=True)
    county_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "答案计数变动"


class AnswerTally(_Counts):
    """Folded counts of one question below ``unit`` in the month, or on the day, that begins with ``since``.

    Schools have none: their own answers are few enough to be counted.
    """

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    span = models.CharField(max_length=5)
    since = models.DateField()

    class Meta:
        verbose_name = "答案计数"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "span", "since", "form", "question"], name="forms_tally_once"
            )
        ]


def count_in(response: Response, answers: Iterable[Answer], *, by: int = 1) -> None:
    """Write the answers of one submission into the journal (``by=-1`` takes them out again)."""
    form = response.form_version.definition_id
    rows = [_change(answer, form, by) for answer in answers if answer.verdict and answer.day]
    AnswerChange.objects.bulk_create(rows, batch_size=CHUNK)


def _change(answer: Answer, form: int, by: int) -> AnswerChange:
    counts = {column: by * (answer.verdict == verdict) for verdict, column in COLUMNS.items()}
    levels = {column: getattr(answer, column) for column in LEVELS.values()}
    same = {name: getattr(answer, name) for name in ("org_id", "question", "item_id", "day")}
    return AnswerChange(form_id=form, **same, **levels, **counts)


def fold() -> int:
    """Move the journal into the tallies; returns how many rows of it. Several may fold at once."""
    folded = 0
    while moved := _fold_batch():
        folded += moved
    return folded


@transaction.atomic
def _fold_batch() -> int:
    rows = list(AnswerChange.objects.select_for_update().order_by("pk")[:BATCH])
    sums: dict[Key, Counter[str]] = {}
    for row in rows:
        for key in _keys(row):
            sums.setdefault(key, Counter()).update({name: getattr(row, name) for name in COLUMNS.values()})
    items = {(row.form_id, row.question): row.item_id for row in rows}
    lines = [
        (*key, items[key[3:]], *(found[name] for name in COLUMNS.values())) for key, found in sums.items()
    ]
    lines.sort(
        key=lambda line: line[: len(KEY)]
    )  # one order of locks for all, so that no two wait for each other
    for start in range(0, len(lines), CHUNK):
        _add(lines[start : start + CHUNK])
    AnswerChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _keys(row: AnswerChange) -> Iterator[Key]:
    for kind, column in LEVELS.items():
        if (unit := getattr(row, column)) is not None:
            for span in SPANS[Kind(kind)]:
                since = row.day.replace(day=1) if span == MONTH else row.day
                yield unit, span, since, row.form_id, row.question


def _add(lines: list[Key]) -> None:
    table = AnswerTally._meta.db_table
    places = ", ".join(["(" + ", ".join(["%s"] * len(NAMES)) + ")"] * len(lines))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(NAMES)}) VALUES {places} "  # noqa: S608  names come from this module
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {added}",
            [value for line in lines for value in line],
        )


@transaction.atomic
def recompute() -> int:
    """Build every tally anew from the answers, inside the database; returns how many rows there are."""
    AnswerChange.objects.all().delete()
    AnswerTally.objects.all().delete()
    for kind, column in LEVELS.items():
        for span in SPANS[Kind(kind)]:
            since = TruncMonth("day") if span == MONTH else F("day")
            above = Answer.objects.filter(COUNTED, **{f"{column}__isnull": False}).order_by()
            rows = above.values_list(column, Value(span), since, F(FORM), "question")
            _insert(rows.annotate(item_=Max("item_id"), **sums_of_answers()))
    return AnswerTally.objects.count()


def sums_of_answers() -> dict[str, Count]:
    """Aggregates that count answers by verdict."""
    return {f"{column}_": Count("pk", filter=Q(verdict=verdict)) for verdict, column in COLUMNS.items()}


def _insert(rows: models.QuerySet[Any]) -> None:
    statement, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {AnswerTally._meta.db_table} ({', '.join(NAMES)}) {statement}",
            values,
        )


@events.on(Moved)
def follow_moved_unit(event: Moved) -> None:
    """Answers of a unit that moved belong to its new superiors, with their counts."""
    for unit in OrgUnit.objects.filter(path__startswith=event.unit.path):
        answers = Answer.objects.filter(org=unit)
        _journal(answers, -1)
        answers.update(**ancestor_ids(unit))
        _journal(answers, 1)


def _journal(answers: models.QuerySet[Answer], by: int) -> None:
    names = ("org_id", "question", "item_id", "day", *LEVELS.values())
    rows = answers.filter(COUNTED).order_by().annotate(form_id=F(FORM))
    AnswerChange.objects.bulk_create(
        (
            AnswerChange(**{name.rstrip("_"): by * n if name.endswith("_") else n for name, n in row.items()})
            for row in rows.values("form_id", *names).annotate(**sums_of_answers())
        ),
        batch_size=CHUNK,
    )
