"""Exported files wait a day for their person only; fetched once or dropped they are gone at once (MLPS.18)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from anlan.engines.files.api import Received, StoredFile, discard_unused, receive, receive_made
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
    def expires_at(self) -> datetime:
        """When it is removed."""
        return self.made_at + KEEP

    @property
    def url(self) -> str:
        """Where its person fetches it."""
        return f"/exports/{self.uid}"


def keep_export(user: Any, name: str, content: bytes, rows: int = 0, job: Job | None = None) -> ExportFile:
    """Put a finished file aside for the person; a job run again after a broken worker leaves one file."""
    return _keep(user, receive([content], name), rows, job)


def keep_export_at(user: Any, name: str, path: Path, rows: int = 0, job: Job | None = None) -> ExportFile:
    """The same with a file made in the working folder, which is used up."""
    return _keep(user, receive_made(path, name), rows, job)


def _keep(user: Any, stored: Received, rows: int, job: Job | None) -> ExportFile:
    earlier = ExportFile.objects.filter(job=job) if job else ExportFile.objects.none()
    former = [export.file for export in earlier.select_related("file")]
    earlier.delete()
    kept = ExportFile.objects.create(user=user, file=stored.file, name=stored.name, rows=rows, job=job)
    for file in former:  # only now: the same content made again is the same file
        discard_unused(file)
    return kept


def exports_of(user: Any) -> list[ExportFile]:
    """The person's exports that can be fetched now, newest first."""
    mine = ExportFile.objects.filter(user=user, made_at__gte=clock.now() - KEEP)
    return list(mine.select_related("file").order_by("-pk"))


def _own(user: Any, uid: UUID) -> ExportFile:
    found = next((export for export in exports_of(user) if export.uid == uid), None)
    if found is None or not found.file.path.exists():
        raise Missing
    return found


def take_export(user: Any, uid: UUID) -> tuple[str, bytes]:
    """Name and content of the person's own export, which is gone with this; Missing for anybody else's, for one
    fetched before, or past its time.
    """
    found = _own(user, uid)
    content = found.file.path.read_bytes()
    if not ExportFile.objects.filter(pk=found.pk).delete()[0]:
        raise Missing  # a second request was quicker
    discard_unused(found.file)
    return found.name, content


def drop_export(user: Any, uid: UUID) -> str:
    """Away with an own export before its time; returns its name."""
    found = _own(user, uid)
    _forget(found)
    return found.name


def _forget(export: ExportFile) -> None:
    file = export.file
    export.delete()
    discard_unused(file)


def forget_old_exports() -> int:
    """Remove exports that waited for a day; returns how many."""
    old = list(ExportFile.objects.select_related("file").filter(made_at__lt=clock.now() - KEEP))
    for export in old:
        _forget(export)
    return len(old)
