"""The hash chain: every committed entry gets a position and the digest of its predecessor (MLPS.11, X.15).

Entries are inserted in the transaction of the change and sealed right after it commits, under one lock, so
that business transactions never wait for each other at the head of the chain (docs/adr/0002).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction

from anlan.engines.audit.entries import AuditEntry

GENESIS = "0" * 64
BATCH = 1000


class AuditHead(models.Model):
    """The single row that serialises sealing."""

    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)


class AuditSeal(models.Model):
    """An entry's place in the chain; ``digest`` covers the content, the place and all before it."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)


@dataclass(frozen=True)
class ChainFault:
    """Where the chain does not hold, and why."""

    position: int
    text: str


def _link(previous: str, position: int, entry: AuditEntry) -> str:
    return hashlib.sha256(
        f"{previous}:{position}:{entry.pk}:{entry.mac}".encode() + entry.content()
    ).hexdigest()


def seal() -> int:
    """Chain every entry not yet sealed; returns how many. Another sealer at work finishes ours too,
    or we theirs.
    """
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    entries = list(AuditEntry.objects.filter(seal=None).order_by("pk")[:BATCH])
    seals = []
    for entry in entries:
        head.position += 1
        head.digest = _link(head.digest, head.position, entry)
        seals.append(AuditSeal(position=head.position, entry=entry, digest=head.digest))
    AuditSeal.objects.bulk_create(seals)
    if seals:
        head.save()
    return len(seals)


def verify_chain() -> Iterator[ChainFault]:
    """Walk the whole chain; yields every entry altered, missing, or out of place."""
    previous, place = GENESIS, 0
    for row in AuditSeal.objects.select_related("entry").order_by("position").iterator(2000):
        place += 1
        if row.position != place:
            yield ChainFault(place, "缺少记录")
            place = row.position
        if row.entry.mac != row.entry.expected_mac():
            yield ChainFault(row.position, "记录内容被改动")
        if row.digest != _link(previous, row.position, row.entry):
            yield ChainFault(row.position, "链接不符")
        previous = row.digest
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.position, head.digest) != (place, previous):
        yield ChainFault(head.position, "链尾记录被删除")
