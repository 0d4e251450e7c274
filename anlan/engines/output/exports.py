"""Exported files wait for their person only: gone once fetched, or after a day."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from anlan.engines.files.api import StoredFile, discard_unused, receive
from anlan.engines.tasks.api import Job
from anlan.kernel import clock, ids
from anlan.kernel.errors import Missing

KEEP = timedelta(hours=24)


class ExportFile(models.Model):
    """A file made for one person; ``rows`` is what it holds, ``job`` what made it."""

    uid = models.UUIDField(unique=True, default=ids.new_uid)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    rows = models.PositiveIntegerField(default=0)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = "导出文件"

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where its person fetches it."""
        return f"/exports/{self.uid}"


def keep_export(user: Any, name: str, content: bytes, rows: int = 0, job: Job | None = None) -> ExportFile:
    """Put a finished file aside for the person; a job run again after a broken worker leaves one file."""
    for earlier in ExportFile.objects.filter(job=job) if job else ():
        _forget(earlier)
    stored = receive([content], name)
    return ExportFile.objects.create(user=user, file=stored.file, name=stored.name, rows=rows, job=job)


def take_export(user: Any, uid: UUID) -> tuple[str, bytes]:
    """Name and content of the person's own export, which is gone afterwards; Missing for anybody else's."""
    found = ExportFile.objects.select_related("file").filter(uid=uid, user=user).first()
    if found is None or not found.file.path.exists():
        raise Missing
    content = found.file.path.read_bytes()
    _forget(found)
    return found.name, content


def _forget(export: ExportFile) -> None:
    file = export.file
    export.delete()
    discard_unused(file)


def forget_old_exports() -> int:
    """Remove exports nobody fetched in a day; returns how many."""
    old = list(ExportFile.objects.select_related("file").filter(made_at__lt=clock.now() - KEEP))
    for export in old:
        _forget(export)
    return len(old)
