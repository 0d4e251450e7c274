"""Entries older than the period may be written to a file and taken away; younger ones never (MLPS.11)."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TextIO

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from anlan.engines.audit.actors import SYSTEM
from anlan.engines.audit.entries import AuditEntry
from anlan.engines.audit.sealing import AuditHead, AuditSeal
from anlan.engines.audit.writing import log
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

SHORTEST = timedelta(days=184)


def allow_deletion(until: datetime) -> None:
    """Let the database triggers pass deletions of entries before ``until``, inside the running
    transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_permit (until) VALUES (%s)", [until.isoformat()])


def end_permission() -> None:
    """Close the door again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_permit")


@transaction.atomic
def clean_up(before: datetime, archive: TextIO) -> int:
    """Write entries before the moment to ``archive`` as lines of JSON, then delete them; returns how many.

    Rejected for a moment younger than six months. The chain then begins at the last entry taken away.
    """
    if before > clock.now() - SHORTEST:
        raise Rejected({"before": "审计记录至少保存六个月"})
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    kept = AuditSeal.objects.filter(entry__at__gte=before).order_by("position").first()
    end = kept.position if kept else (head.position + 1 if head else 0)
    last, entries = None, []
    for last, text in lines(AuditSeal.objects.filter(position__lt=end)):
        entries.append(last.entry_id)
        archive.write(text + "\n")
    if last is None or head is None:
        return 0
    _delete(before, end, entries)
    head.base_position, head.base_digest = last.position, last.digest
    head.save()
    log(SYSTEM, "audit.clean_up", after={"before": before.isoformat(), "entries": len(entries)})
    return len(entries)


def _delete(before: datetime, end: int, entries: list[int]) -> None:
    allow_deletion(before)
    AuditSeal.objects.filter(position__lt=end).delete()
    for start in range(0, len(entries), 500):
        AuditEntry.objects.filter(pk__in=entries[start : start + 500]).delete()
    end_permission()


def lines(rows: "models.QuerySet[AuditSeal]") -> Iterator[tuple[AuditSeal, str]]:
    """Entries in order, each with its place in the chain as one line of JSON that can be verified by itself."""
    previous = ""
    for row in rows.select_related("entry").order_by("position").iterator(2000):
        previous = previous or _digest_before(row.position)
        place = {"position": row.position, "entry": row.entry_id, "previous": previous, "digest": row.digest}
        whole = place | {"mac": row.entry.mac, "content": json.loads(row.entry.content())}
        yield row, json.dumps(whole, ensure_ascii=False, cls=DjangoJSONEncoder)
        previous = row.digest


def _digest_before(position: int) -> str:
    head = AuditHead.objects.get(pk=1)
    if head.base_position == position - 1:
        return head.base_digest
    return AuditSeal.objects.values_list("digest", flat=True).get(position=position - 1)
