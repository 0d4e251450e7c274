"""Answers: one row per response and question, written only by :mod:`answering`.

There may be ten million of them, so they carry the ids of the units above, one composite index per
level, and no audit entry of their own: the submission's entry holds a digest over all of them. ``day``
is set by the submission; rows without it (drafts, and answers to questions that no longer apply) count
nowhere.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from anlan.engines.forms.bank import Item
from anlan.engines.forms.responses import Response
from anlan.engines.org.api import Kind, OrgUnit, Scope, require
from anlan.kernel import ids

COUNTED = ~Q(verdict="") & Q(day__isnull=False)


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers inside a scope by one equality per granted unit."""

    def visible(self, user: Any, permission: str) -> Self:
        """Answers about units in the person's scope; Forbidden where the right is not held."""
        return self.filter(level_condition(require(user, permission)))


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
    county_id = models.BigIntegerField(null=True)
    township_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "答案"
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="forms_answer_once")]
        indexes = [
            models.Index(fields=["org", "verdict", "-day", "-id"], name="forms_answer_org"),
            models.Index(fields=["township_id", "verdict", "-day", "-id"], name="forms_answer_township"),
            models.Index(fields=["county_id", "verdict", "-day", "-id"], name="forms_answer_county"),
            models.Index(fields=["item"], name="forms_answer_item"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


def ancestor_ids(unit: OrgUnit) -> dict[str, int | None]:
    """``county_id`` and ``township_id`` of a unit, itself included."""
    found = dict(OrgUnit.objects.filter(code__in=unit.ancestor_codes()).values_list("kind", "pk"))
    return {"county_id": found.get(Kind.COUNTY), "township_id": found.get(Kind.TOWNSHIP)}


def level_condition(found: Scope) -> Q:
    """The scope as equalities on the ancestor columns; levels without a column fall back on the path."""
    columns = {Kind.COUNTY: "county_id", Kind.TOWNSHIP: "township_id", Kind.SCHOOL: "org_id"}
    condition = Q(pk__in=[])
    for unit in OrgUnit.objects.filter(path__in=found.paths):
        column = columns.get(Kind(unit.kind))
        condition |= Q(**{column: unit.pk}) if column else Q(org__path__startswith=unit.path)
    return condition
