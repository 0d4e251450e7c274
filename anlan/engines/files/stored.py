"""StoredFile: one row per content; the same file uploaded a hundred times lies on the disk once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db import models
from django.db.models import ProtectedError

from anlan.engines.files.kinds import MADE, FileKind
from anlan.engines.files.vault import digest_of, path_of
from anlan.kernel import clock


class StoredFile(models.Model):
    """Content on the disk by its digest; who may see it is decided by the attachments that point here."""

    sha256 = models.CharField("校验值", max_length=64, unique=True)
    size = models.BigIntegerField("大小")
    kind = models.CharField("类型", max_length=8)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def is_a(self) -> FileKind:
        """The kind with its title, type and family."""
        return MADE[self.kind]

    @property
    def path(self) -> Path:
        """Where the content lies."""
        return path_of(self.sha256)

    def intact(self) -> bool:
        """Whether the content on the disk is still what was stored."""
        return self.path.exists() and digest_of(self.path) == self.sha256


def damaged() -> Iterator[StoredFile]:
    """Every stored file that is missing or was changed on the disk (X.24)."""
    for file in StoredFile.objects.order_by("pk").iterator():
        if not file.intact():
            yield file


def sweep(older_than_hours: int = 24) -> int:
    """Remove content nothing points to any more; returns how many files went."""
    gone = 0
    before = clock.now() - timedelta(hours=older_than_hours)
    for file in StoredFile.objects.filter(stored_at__lt=before).iterator():
        gone += discard_unused(file)
    return gone


def discard_unused(file: StoredFile) -> bool:
    """Remove content unless something still points to it; whether it went."""
    path, made = file.path, path_of(file.sha256, "any").parent
    try:
        file.delete()
    except ProtectedError:
        return False
    for variant in made.glob(f"{path.name}.*"):
        variant.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    return True
