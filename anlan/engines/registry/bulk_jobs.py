"""Bulk work on many records: a job with progress and cancel, and what became of each record, kept for its person."""

from typing import Any

from django.db import models, transaction

from anlan.engines.audit.api import Actor
from anlan.engines.registry.bulk import check_verb, found_of, one_of
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledgers
from anlan.engines.tasks.api import Job, background, enqueue, progress

CHUNK = 25


class BulkOutcome(models.Model):
    """What became of one record of a bulk job; a job run again leaves out those that have one."""

    class Kind(models.TextChoices):
        """The three answers."""

        DONE = "done", "已办成"
        SKIPPED = "skipped", "跳过"
        FAILED = "failed", "没办成"

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    record = models.BigIntegerField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "批量结果"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "record"], name="registry_bulk_once")]

    def __str__(self) -> str:
        return self.name


def start(actor: Actor, ledger: Ledger, verb: str, chosen: list[int]) -> Job:
    """Queue the verb on these records; Missing for a verb not offered."""
    title = check_verb(ledger, actor.user, verb).label
    words = f"{ledger.title}：批量{title} {len(chosen)} 条"
    return enqueue(actor, bulk_job, title=words, code=ledger.code, verb=verb, chosen=chosen)


@background("批量办理")
def bulk_job(job: Job, code: str, verb: str, chosen: list[int]) -> dict[str, Any]:
    """Record by record, each with its outcome in one transaction, so that a broken worker doubles nothing."""
    actor, ledger = Actor.person(job.user), ledgers[code]
    check_verb(ledger, job.user, verb)
    known = set(BulkOutcome.objects.filter(job=job).values_list("record", flat=True))
    rest = [pk for pk in chosen if pk not in known]
    for first in range(0, len(rest), CHUNK):
        progress(job, len(known) + first, len(chosen))
        for pk, record in found_of(actor, ledger, rest[first : first + CHUNK]).items():
            with transaction.atomic():
                kind, name, why = one_of(actor, ledger, verb, record)
                words = (name or f"第 {pk} 号")[:200]
                BulkOutcome.objects.create(job=job, record=pk, name=words, kind=kind, why=why[:200])
    return {"url": result_url(job), "text": tally_words(job)}


def result_url(job: Job) -> str:
    """Where the person reads what became of each record."""
    return f"{ledgers[job.values['code']].url}bulk/{job.pk}"


def tally(job: Job) -> dict[str, int]:
    """How many records by outcome."""
    rows = BulkOutcome.objects.filter(job=job).order_by().values_list("kind")
    return dict(rows.annotate(number=models.Count("pk")))


def tally_words(job: Job) -> str:
    """The outcome in one sentence."""
    found = tally(job)
    return "，".join(f"{kind.label} {found.get(kind.value, 0):,} 条" for kind in BulkOutcome.Kind)
