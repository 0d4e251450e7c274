"""The hash chain: every committed entry gets a position and the digest of its predecessor (MLPS.11, X.15).

Entries are inserted in the transaction of the change and sealed right after it commits, under one lock, so
that
business transactions never wait for each other at the head of the chain (docs/adr/0002).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, models, transaction

from anlan.engines.audit.entries import AuditEntry, keyed_digest
from anlan.kernel import clock

GENESIS = "0" * 64
BATCH = 1000
WINDOW = 2000
PATIENCE = timedelta(minutes=5)


class AuditHead(models.Model):
    """The single row that serialises sealing; ``base_*`` is where the chain begins after a clean-up."""

    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)
    base_position = models.BigIntegerField(default=0)
    base_digest = models.CharField(max_length=64, default=GENESIS)
    mac = models.CharField(max_length=64, blank=True)

    def expected_mac(self) -> str:
        """Keyed digest, so that neither end of the chain can be moved by hand."""
        parts = (self.position, self.digest, self.base_position, self.base_digest)
        return keyed_digest(":".join(str(part) for part in ("head", *parts)).encode())

    def save(self, *args: object, **kwargs: object) -> None:
        """Sign and store."""
        self.mac = self.expected_mac()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


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
    place = f"{previous}:{position}:{entry.pk}:{entry.mac}:".encode()
    return keyed_digest(place + entry.content())


def seal_later() -> None:
    """Seal once the running transaction has committed; asked once per transaction however many entries it
    writes.
    """
    waiting: list[object] = [entry[1] for entry in connection.run_on_commit]
    if seal not in waiting:
        transaction.on_commit(seal, robust=True)


def seal(everything: bool = False) -> int:
    """Chain entries not yet sealed; returns how many. Another sealer at work finishes ours too, or we theirs.

    Looks back over a window of recent entries; ``everything`` (the nightly check) also finds stragglers
    before it.
    """
    sealed = 0
    while count := _seal_batch(everything):
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch(everything: bool) -> int:
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    entries = list(_unsealed(head, everything)[:BATCH])
    seals = []
    for entry in entries:
        head.position += 1
        head.digest = _link(head.digest, head.position, entry)
        seals.append(AuditSeal(position=head.position, entry=entry, digest=head.digest))
    AuditSeal.objects.bulk_create(seals)
    if seals:
        head.save()
    return len(seals)


def _unsealed(head: AuditHead, everything: bool) -> models.QuerySet[AuditEntry]:
    recent = AuditSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    floor = 0 if everything else recent - WINDOW
    sealed = AuditSeal.objects.filter(entry_id__gt=floor).values("entry_id")
    return AuditEntry.objects.filter(pk__gt=floor).exclude(pk__in=sealed).order_by("pk")


def verify_chain() -> Iterator[ChainFault]:
    """Walk the whole chain; yields every entry altered, missing, out of place, or never chained."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if head.pk and head.mac != head.expected_mac():
        yield ChainFault(head.position, "链首尾登记被改动")
    previous, place = head.base_digest, head.base_position
    rows = AuditSeal.objects.select_related("entry").order_by("position")
    for row in rows.iterator(2000):
        place += 1
        if row.position != place:
            yield ChainFault(place, "缺少记录")
            place = row.position
        yield from _faults(row, previous)
        previous = row.digest
    if (head.position, head.digest) != (place, previous):
        yield ChainFault(head.position, "链尾记录被删除")
    overdue = AuditEntry.objects.filter(seal=None, at__lt=clock.now() - PATIENCE)
    for entry in overdue.iterator(2000):
        yield ChainFault(0, f"记录 {entry.pk} 没有入链")


def _faults(row: AuditSeal, previous: str) -> Iterator[ChainFault]:
    if row.entry.mac != row.entry.expected_mac():
        yield ChainFault(row.position, "记录内容被改动")
    if row.digest != _link(previous, row.position, row.entry):
        yield ChainFault(row.position, "链接不符")
