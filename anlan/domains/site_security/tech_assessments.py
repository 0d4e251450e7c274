"""Assessments against a standard of technical protection: kept as they were found, whatever comes later (D02.7)."""

from typing import Any

from django.db import models, transaction

from anlan.base.schools import SchoolKind
from anlan.domains.site_security.tech_editions import TechClause, TechEdition
from anlan.domains.site_security.tech_gaps import Held, held_under
from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.org.api import declare_permission, require
from anlan.engines.registry.api import Entry
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

ASSESS = declare_permission(
    "site_security.tech_assess", "技防标准：生成评估", ("bureau_safety", "upper_safety", "team_admin")
).code
RESULTS = [
    ("lacking", "应配有缺项"),
    ("advice", "只缺宜配项"),
    ("complete", "没有缺项"),
    ("none", "不可评估"),
]
TYPES = dict(SchoolKind.choices)


class TechAssessment(Entry):
    """A school on a day under an edition: ``rows`` (see ``Need``) in words of that day."""

    FROZEN = "edition edition_said day school_type result why musts must_gaps shoulds should_gaps rows"

    edition = models.ForeignKey(
        TechEdition, models.PROTECT, related_name="assessments", verbose_name="技防标准版本"
    )
    edition_said = models.CharField("所用标准", max_length=140)
    day = models.DateField("评估日期", db_index=True)
    school_type = models.CharField("学校类型", max_length=20, blank=True)
    result = models.CharField("结果", max_length=8, choices=RESULTS, db_index=True)
    why = models.CharField("不可评估的原因", max_length=40, blank=True)
    musts = models.PositiveIntegerField("应配项", default=0)
    must_gaps = models.PositiveIntegerField("应配缺项", default=0)
    shoulds = models.PositiveIntegerField("宜配项", default=0)
    should_gaps = models.PositiveIntegerField("宜配缺项", default=0)
    rows = models.JSONField("逐项结果", default=list, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "技防标准评估"
        ordering = ["-day", "org__path"]

    def __str__(self) -> str:
        return f"{self.org} {self.day:%Y-%m-%d} 技防标准评估"


def _result(held: Held) -> str:
    if held.why:
        return "none"
    if held.some("must", lacking=True):
        return "lacking"
    return "advice" if held.some("should", lacking=True) else "complete"


def _snapshot(held: Held, edition: TechEdition) -> TechAssessment:
    return TechAssessment(
        org=held.unit,
        edition=edition,
        edition_said=f"{edition}（{edition.since:%Y-%m-%d} 起）",
        day=clock.today(),
        school_type=TYPES.get(held.type, ""),
        result=_result(held),
        why=held.why,
        musts=len(held.some("must")),
        must_gaps=len(held.some("must", lacking=True)),
        shoulds=len(held.some("should")),
        should_gaps=len(held.some("should", lacking=True)),
        rows=held.rows(),
    )


def kept_today(edition: TechEdition, held: list[Held] | None = None) -> list[TechAssessment]:
    """What is found today at the schools that go by the edition, not yet stored."""
    found = held_under(edition.org) if held is None else held
    return [_snapshot(one, edition) for one in found if one.edition == edition]


@transaction.atomic
def assess(actor: Actor, edition: TechEdition) -> int:
    """Keep what is found today at every school of the person's scope that goes by the edition; how many are new.

    What was already kept today and is still so is not kept again. Conflict where no school goes by it.
    """
    mine = require(actor.user, ASSESS)
    list(TechEdition.objects.unscoped().select_for_update().filter(pk=edition.pk))
    fresh = kept_today(edition, [one for one in held_under(edition.org) if mine.covers(one.unit.path)])
    if not fresh:
        raise Conflict("没有学校按这个版本评估：版本还没启用，或已换用别的版本")
    rows = TechAssessment.objects.unscoped().filter(edition=edition, day=clock.today(), archived_at=None)
    kept = {row.org_id: _facts(row) for row in rows.order_by("pk")}
    return len(create_all(actor, [row for row in fresh if kept.get(row.org_id) != _facts(row)]))


def _facts(row: TechAssessment) -> tuple[Any, ...]:
    needs = [(one["number"], one["place"], tuple(one["devices"]), one["text"]) for one in row.rows]
    return row.result, row.why, row.school_type, needs


CARRIED = ("number", "place", "kind", "alike", "level", "types", "text")


@transaction.atomic
def new_version(actor: Actor, edition: TechEdition, release: str, since: Any) -> TechEdition:
    """A further version with the clauses of this one, to be changed from there."""
    made = create(actor, TechEdition(org=edition.org, name=edition.name, release=release, since=since))
    rows = TechClause.objects.unscoped().filter(edition=edition, archived_at=None)
    clauses = [{name: getattr(row, name) for name in CARRIED} for row in rows.select_related("place", "kind")]
    create_all(actor, [TechClause(org=made.org, edition=made, **said) for said in clauses])
    return made
