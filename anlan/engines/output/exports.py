"""Exported files wait a day for their person only; fetched ones are gone ten minutes later, dropped ones at once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from anlan.engines.files.api import StoredFile, discard_unused, receive
from anlan.engines.tasks.api import Job
from anlan.kernel import clock, ids
from anlan.kernel.errors import Missing

KEEP = timedelta(hours=24)
AGAIN = timedelta(minutes=10)  # time to fetch once more what broke off on its way


class ExportFile(models.Model):
    """A file made for one person; ``rows`` is what it holds, ``job`` what made it."""

    uid = models.UUIDField(unique=True, default=ids.new_uid)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    rows = models.PositiveIntegerField(default=0)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, db_index=True)
    fetched_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = "导出文件"

    def __str__(self) -> str:
        return self.name

    @property
    def expires_at(self) -> datetime:
        """When it is removed."""
        return min(self.made_at + KEEP, self.fetched_at + AGAIN if self.fetched_at else self.made_at + KEEP)

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


def exports_of(user: Any) -> list[ExportFile]:
    """The person's exports that can be fetched now, newest first."""
    mine = ExportFile.objects.filter(user=user).exclude(_past())
    return list(mine.select_related("file").order_by("-pk"))


def _past() -> models.Q:
    """Fetched, or waited for, long enough."""
    now = clock.now()
    return models.Q(made_at__lt=now - KEEP) | models.Q(fetched_at__lt=now - AGAIN)


def _own(user: Any, uid: UUID) -> ExportFile:
    found = next((export for export in exports_of(user) if export.uid == uid), None)
    if found is None or not found.file.path.exists():
        raise Missing
    return found


def take_export(user: Any, uid: UUID) -> tuple[str, bytes]:
    """Name and content of the person's own export; Missing for anybody else's, or past its time."""
    found = _own(user, uid)
    content = found.file.path.read_bytes()
    ExportFile.objects.filter(pk=found.pk, fetched_at=None).update(fetched_at=clock.now())
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
    """Remove exports that were fetched, or waited for a day; returns how many."""
    old = list(ExportFile.objects.select_related("file").filter(_past()))
    for export in old:
        _forget(export)
    return len(old)
