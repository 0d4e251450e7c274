"""Attachment: a file kept with a record, as evidence or annex (X.24, D03.3)."""

from typing import Any

from django.db import models

from anlan.engines.files.stored import StoredFile
from anlan.engines.org.api import Record, declare_permission, scope
from anlan.kernel import clock

POSITION = declare_permission(
    "files.position", "查看照片的拍摄位置", ("bureau_safety", "team_admin", "township_officer")
).code
declare_permission(
    f"{POSITION}.own",
    "查看本人照片的拍摄位置",
    ("inspector", "hazard_raiser", "grid_keeper", "school_safety", "school_head"),
)


class Attachment(Record):
    """A stored file in a ``slot`` (before, after, evidence …) of any record.

    ``uid`` may come from the phone, so that a repeated upload attaches once. A replaced attachment stays and
    points to its successor; one chosen from the stock of the unit points to its ``origin``. Position is shown only
    to those who hold ``files.position`` over the unit, or ``files.position.own`` for their own pictures.
    """

    model = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    slot = models.SlugField("位置", max_length=40)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=120)
    caption = models.CharField("说明", max_length=200, blank=True)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    source_sha256 = models.CharField("原始校验值", max_length=64)
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="uses", verbose_name="选自"
    )
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="替换为"
    )

    class Meta(Record.Meta):
        verbose_name = "附件"
        indexes = [models.Index(fields=["model", "object_id", "slot"], name="files_attachment_record")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it has a thumbnail."""
        return self.file.is_a.family == "picture"

    def address(self, variant: str = "full") -> str:
        """Where it is served: full, thumb, marked, download, preview; rights are asked at each request."""
        return f"/files/{self.uid}/{variant}"

    def position(self, user: Any) -> tuple[float, float] | None:
        """Where the picture was taken, for those who may know."""
        if self.latitude is None or self.longitude is None:
            return None
        found = scope(user, POSITION)
        own = self.created_by_id == user.pk and any(map(self.org.path.startswith, found.own_paths))
        return (self.latitude, self.longitude) if own or found.covers(self.org.path) else None

    def mark(self) -> str:
        """The words of the watermark: time, unit, person."""
        moment = (self.taken_at or self.created_at).astimezone(clock.zone())
        return f"{moment:%Y-%m-%d %H:%M} {self.org.name} {self.created_by or ''}".strip()
