"""Entries older than the period may be written to a file and taken away; younger ones never (MLPS.11)."""

import json
from datetime import datetime, timedelta
from typing import TextIO

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

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
    going = AuditSeal.objects.filter(position__lt=end).select_related("entry").order_by("position")
    last, entries = None, []
    for last in going.iterator(2000):
        entries.append(last.entry_id)
        archive.write(_line(last) + "\n")
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


def _line(row: AuditSeal) -> str:
    content = json.loads(row.entry.content())
    whole = {"position": row.position, "digest": row.digest, "mac": row.entry.mac, "content": content}
    return json.dumps(whole, ensure_ascii=False, cls=DjangoJSONEncoder)
