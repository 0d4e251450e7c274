"""Counts per unit, form, question and day, kept in the transaction of every submission; always equal to
a count of answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count, Max, Q, Sum

from anlan.engines.forms.answers import COUNTED, Answer, level_condition
from anlan.engines.forms.bank import Item
from anlan.engines.forms.definition import FAIL, NOT_APPLICABLE, PASS
from anlan.engines.forms.designs import FormDefinition
from anlan.engines.forms.responses import Response
from anlan.engines.org.api import OrgUnit, require
from anlan.kernel import clock

COLUMNS = {PASS: "passed", FAIL: "failed", NOT_APPLICABLE: "not_applicable"}
KEY = ("org_id", "form_id", "question", "day")
CHUNK = 50


class AnswerTally(models.Model):
    """A question keeps its bank item through all versions, so ``item`` follows from form and question."""

    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    form = models.ForeignKey(FormDefinition, models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=36)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()
    county_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)
    passed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)

    class Meta:
        verbose_name = "答案计数"
        constraints = [
            models.UniqueConstraint(fields=["org", "form", "question", "day"], name="forms_tally_once")
        ]
        indexes = [
            models.Index(fields=["county_id", "day"], name="forms_tally_county"),
            models.Index(fields=["township_id", "day"], name="forms_tally_township"),
            models.Index(fields=["item", "day"], name="forms_tally_item"),
        ]


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


def count_in(response: Response, answers: Iterable[Answer], *, by: int = 1) -> None:
    """Add the answers of one submission (``by=-1`` takes them out again), in one statement."""
    form = response.form_version.definition_id
    rows = [_row(answer, form, by) for answer in answers if answer.verdict and answer.day]
    rows.sort(key=lambda row: row["question"])  # one order of locks for all, so that none wait for each other
    for start in range(0, len(rows), CHUNK):
        _upsert(rows[start : start + CHUNK])


def _row(answer: Answer, form: int, by: int) -> dict[str, Any]:
    counts = {column: by * (answer.verdict == verdict) for verdict, column in COLUMNS.items()}
    return {
        "org_id": answer.org_id,
        "form_id": form,
        "question": answer.question,
        "item_id": answer.item_id,
        "day": answer.day,
        "county_id": answer.county_id,
        "township_id": answer.township_id,
        **counts,
    }


def _upsert(rows: list[dict[str, Any]]) -> None:
    table, names = AnswerTally._meta.db_table, list(rows[0])
    places = ", ".join(["(" + ", ".join(["%s"] * len(names)) + ")"] * len(rows))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {places} "  # noqa: S608  names come from this module
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {added}",
            [value for row in rows for value in row.values()],
        )


def counted() -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """The raw count over all answers, by (org, form, question, day): what the tallies must equal."""
    raw = Answer.objects.filter(COUNTED).values_list(
        "org_id", "response__form_version__definition_id", "question", "day"
    )
    sums = {column: Count("pk", filter=Q(verdict=verdict)) for verdict, column in COLUMNS.items()}
    return {row[:4]: row[4:] for row in raw.annotate(**sums).order_by()}


def tallied() -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """The tallies, by the same key; rows that came down to nothing are left out."""
    rows = AnswerTally.objects.values_list(*KEY, *COLUMNS.values())
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


@transaction.atomic
def recompute() -> int:
    """Build every tally anew from the answers; returns how many rows there are."""
    AnswerTally.objects.all().delete()
    raw = Answer.objects.filter(COUNTED).values(
        "org_id", "question", "day", form_id=models.F("response__form_version__definition_id")
    )
    sums = {column: Count("pk", filter=Q(verdict=verdict)) for verdict, column in COLUMNS.items()}
    same = {name: Max(name) for name in ("item_id", "county_id", "township_id")}
    rows = raw.annotate(**{f"{name}_": found for name, found in {**sums, **same}.items()}).order_by()
    fresh = [AnswerTally(**{name.rstrip("_"): value for name, value in row.items()}) for row in rows]
    return len(AnswerTally.objects.bulk_create(fresh, batch_size=500))


def statistics(
    user: Any, permission: str, *, since: Any = None, until: Any = None, form: FormDefinition | None = None
) -> list[ItemCount]:
    """Counts per bank item inside the person's scope, most failures first; days from ``since`` to
    ``until``.
    """
    rows = AnswerTally.objects.filter(level_condition(require(user, permission)), item__isnull=False)
    limits = {"day__gte": since, "day__lte": until or clock.today(), "form": form}
    rows = rows.filter(**{name: value for name, value in limits.items() if value is not None})
    sums = {f"{column}_": Sum(column) for column in COLUMNS.values()}
    found = sorted(rows.values_list("item").annotate(**sums), key=lambda row: (-row[2], row[0]))
    items = Item.objects.unscoped().select_related("category").in_bulk([row[0] for row in found])
    return [ItemCount(items[row[0]], *row[1:]) for row in found if any(row[1:])]
