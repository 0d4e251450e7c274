"""Upload: a file on its way in, and until a record adopts it the private draft of the person who sent it."""

from pathlib import Path

from django.conf import settings
from django.db import models

from anlan.engines.files.circumstances import Circumstances
from anlan.engines.files.receiving import Received
from anlan.engines.files.stored import StoredFile
from anlan.engines.files.vault import root
from anlan.kernel import clock, ids
from anlan.kernel.errors import Rejected


class Upload(models.Model):
    """``uid`` is made by the sender and becomes the attachment's; ``received`` counts bytes on the disk.

    ``refusal`` keeps why the content was refused, so that a repeated request gets the same answer.
    """

    uid = models.UUIDField(unique=True, default=ids.new_uid)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.BigIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    refusal = models.CharField(max_length=200, blank=True)
    caption = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    adopted = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=clock.now, db_index=True)
    touched_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "上传"

    def __str__(self) -> str:
        return self.name

    @property
    def part(self) -> Path:
        """Where the bytes received so far lie."""
        return root() / "parts" / self.uid.hex

    @property
    def state(self) -> str:
        """receiving, checking, ready, adopted or refused."""
        if self.adopted:
            return "adopted"
        if self.refusal:
            return "refused"
        if self.file_id is not None:
            return "ready"
        return "checking" if self.received >= self.size else "receiving"

    def content(self) -> Received:
        """The stored content; Rejected while it has not all arrived."""
        if self.file is None:
            raise Rejected({"file": self.refusal or f"“{self.name}”还没传完，请稍候或重新上传"})
        return Received(self.file, self.name, self.sha256)

    def circumstances(self) -> Circumstances:
        """What the sender said about the file."""
        return Circumstances(self.caption, self.taken_at, self.latitude, self.longitude)
