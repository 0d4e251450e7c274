"""Regular copies of the trail outside the database, each verifiable by itself (MLPS.11).

A copy is a file of lines, one entry each with its place in the chain, packed with gzip. The next copy begins
where the last one ended. Entries older than the policy's days leave the database only once a whole copy holds them.
"""

import gzip
import hashlib
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models, transaction

from anlan.engines.audit.actors import SYSTEM
from anlan.engines.audit.retention import clean_up, lines
from anlan.engines.audit.sealing import AuditHead, AuditSeal, seal
from anlan.engines.audit.writing import log
from anlan.engines.identity.api import SecurityPolicy
from anlan.kernel import clock

BATCH = 200_000


class AuditBackup(models.Model):
    """One copy: the positions it holds, and the digest of its file."""

    first = models.BigIntegerField("起始位置", unique=True)
    last = models.BigIntegerField("末尾位置")
    sha256 = models.CharField("校验值", max_length=64)
    made_at = models.DateTimeField("备份时间", default=clock.now)

    class Meta:
        verbose_name = "审计备份"
        ordering = ["-first"]

    def __str__(self) -> str:
        return f"audit-{self.first:012d}-{self.last:012d}.jsonl.gz"

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(settings.AUDIT_BACKUPS) / str(self)

    @property
    def count(self) -> int:
        """How many entries it holds."""
        return self.last - self.first + 1

    @property
    def state(self) -> tuple[str, str]:
        """Tone and word of the file."""
        return ("done", "完好") if self.whole() else ("late", "文件缺失或被改动")

    def whole(self) -> bool:
        """Whether the file is there as it was written."""
        return self.path.exists() and _sha256(self.path) == self.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def back_up() -> AuditBackup | None:
    """Copy what was chained since the last copy; None when there is nothing new. Safe to run twice at once."""
    seal()
    done = AuditBackup.objects.first()
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    after = max(done.last if done else 0, head.base_position)
    rows = AuditSeal.objects.filter(position__gt=after, position__lte=after + BATCH)
    last = rows.order_by("-position").values_list("position", flat=True).first()
    if last is None:
        return None
    made = AuditBackup(first=after + 1, last=last)
    part = _write(made, rows)
    made.sha256 = _sha256(part)
    with transaction.atomic():
        made.save(force_insert=True)
        part.replace(made.path)
        log(
            SYSTEM,
            "audit.backup",
            made,
            after={"first": made.first, "last": made.last, "sha256": made.sha256},
        )
    return made


def _write(made: AuditBackup, rows: "models.QuerySet[AuditSeal]") -> Path:
    made.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = made.path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as out:
            out.writelines(f"{text}\n" for _, text in lines(rows))
        raw.flush()
        os.fsync(raw.fileno())
    return part


def take_away_old() -> int:
    """Delete entries past the policy's days, as far as whole copies hold them; returns how many."""
    before = clock.now() - timedelta(days=SecurityPolicy.current().trail_days)
    going = AuditSeal.objects.filter(entry__at__lt=before).order_by("-position")
    last = going.values_list("position", flat=True).first()
    if last is None or not _held(last):
        return 0
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        return clean_up(before, nowhere)


def _held(last: int) -> bool:
    head = AuditHead.objects.get(pk=1)
    needed = AuditBackup.objects.filter(last__gt=head.base_position, first__lte=last)
    reached = AuditBackup.objects.filter(last__gte=last).exists()
    return reached and all(copy.whole() for copy in needed)
