"""Answers: one row per response and question, written only by :mod:`answering`.

There may be ten million of them, so they carry the ids of the units above, one composite index per
level, and no audit entry of their own: the submission's entry holds a digest over all of them. ``day``
is set by the submission; rows without it (drafts, and answers to questions that no longer apply) count
nowhere.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from anlan.engines.forms.bank import Item
from anlan.engines.forms.responses import Response
from anlan.engines.org.api import Kind, OrgUnit, Scope, require
from anlan.kernel import ids

COUNTED = ~Q(verdict="") & Q(day__isnull=False)
LEVELS: dict[str, str] = {
    Kind.PROVINCE: "province_id",
    Kind.CITY: "city_id",
    Kind.COUNTY: "county_id",
    Kind.TOWNSHIP: "township_id",
}


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers inside a scope by one equality per granted unit."""

    def visible(self, user: Any, permission: str) -> Self:
        """Answers about units in the person's scope; Forbidden where the right is not held."""
        return self.filter(level_condition(require(user, permission)))

    def newest(self, verdict: str, after: tuple[date, int] | None = None) -> Self:
        """Counted answers of one verdict, newest first; ``after`` is day and id of the last row shown before.

        One verdict at a time: with several no index gives the order.
        """
        rows = self.filter(verdict=verdict, day__isnull=False).order_by("-day", "-id")
        return rows.filter(TupleLessThan(Tuple(F("day"), F("id")), after)) if after else rows


class Answer(models.Model):
    """``at`` is the client's time of the answer; the later one wins. ``photos`` are file uids the
    answer relies on.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=36)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    uid = models.UUIDField(default=ids.new_uid)
    at = models.DateTimeField()
    value = models.JSONField(null=True)
    verdict = models.CharField(max_length=14, blank=True)
    note = models.TextField(blank=True)
    photos = models.JSONField(default=list)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    org = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    province_id = models.BigIntegerField(null=True)
    city_id = models.BigIntegerField(null=True)
    county_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "答案"
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="forms_answer_once")]
        indexes = [
            *(
                models.Index(
                    fields=[level, "verdict", "-day", "-id"], name=f"forms_answer_{level.removesuffix('_id')}"
                )
                for level in ("org", *LEVELS.values())
            ),
            models.Index(fields=["item"], name="forms_answer_item"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


def ancestor_ids(unit: OrgUnit) -> dict[str, int | None]:
    """The level columns of a unit: the ids of the units above, itself included."""
    found = dict(OrgUnit.objects.filter(code__in=unit.ancestor_codes()).values_list("kind", "pk"))
    return {column: found.get(kind) for kind, column in LEVELS.items()}


def level_condition(found: Scope) -> Q:
    """The scope as equalities on the level columns; kinds of unit without one fall back on the path."""
    condition = Q(pk__in=[])
    for unit in OrgUnit.objects.filter(path__in=found.paths):
        condition |= under(unit)
    return condition


def under(unit: OrgUnit) -> Q:
    """Rows at the unit or below it."""
    column = "org_id" if unit.kind == Kind.SCHOOL else LEVELS.get(unit.kind)
    return Q(**{column: unit.pk}) if column else Q(org__path__startswith=unit.path)
