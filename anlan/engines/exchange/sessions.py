"""An import as a conversation: read and checked, then applied or cancelled; its rows keep what became of them."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from anlan.engines.org.api import Record
from anlan.engines.tasks.api import Job

SOURCE = "source"


class ImportSession(Record):
    """One file somebody wants to import; the file itself is its attachment."""

    OWNER = "created_by"

    class State(models.TextChoices):
        """Where the conversation stands."""

        READING = "reading", "核对中"
        BROKEN = "broken", "读不了"
        CHECKED = "checked", "待确认"
        APPLYING = "applying", "导入中"
        STOPPED = "stopped", "已停下"
        APPLIED = "applied", "已导入"
        CANCELLED = "cancelled", "已放弃"

    target = models.CharField("导入到", max_length=80)
    title = models.CharField("名称", max_length=80)
    name = models.CharField("文件", max_length=120)
    choices = models.JSONField(default=dict, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.CHECKED)
    fault = models.CharField("读不了的原因", max_length=300, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    total = models.PositiveIntegerField("总行数", default=0)
    bad = models.PositiveIntegerField("有问题", default=0)
    added = models.PositiveIntegerField("新增", default=0)
    amended = models.PositiveIntegerField("更新", default=0)
    same = models.PositiveIntegerField("无变化", default=0)
    failed = models.PositiveIntegerField("未存上", default=0)

    class Meta(Record.Meta):
        verbose_name = "导入"

    def __str__(self) -> str:
        return f"{self.title}：{self.name}"

    @property
    def good(self) -> int:
        """Rows that can be stored."""
        return self.total - self.bad

    @property
    def left_out(self) -> int:
        """Rows not stored in the end: bad ones, and those refused while storing."""
        return self.bad + self.failed

    @property
    def working(self) -> bool:
        """A job is reading or storing."""
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def broken_off(self) -> bool:
        """Its job has ended without an end of the conversation, or nobody works on it any more."""
        return self.working and (self.job is None or not self.job.open)

    @property
    def tone(self) -> str:
        """Tone of the state."""
        return TONES[self.state]


TONES = {
    "reading": "doing",
    "broken": "late",
    "checked": "todo",
    "applying": "doing",
    "stopped": "soon",
    "applied": "done",
    "cancelled": "idle",
}


class ImportRow(models.Model):
    """A row of the file: ``action`` is what would be done, ``outcome`` what was; ``problems`` by column."""

    session = models.ForeignKey(ImportSession, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    values = models.JSONField(encoder=DjangoJSONEncoder)
    action = models.CharField(max_length=6, blank=True)
    outcome = models.CharField(max_length=6, blank=True)
    problems = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="exchange_import_row_once")]

    @classmethod
    def bad_of(cls, session: ImportSession) -> "models.QuerySet[ImportRow]":
        """Rows with problems, in order of the file."""
        return cls.objects.filter(session=session).exclude(problems={}).order_by("number")

    def reasons(self, titles: dict[str, str]) -> list[tuple[str, str]]:
        """Problems as pairs of column title and words."""
        return [(titles.get(name, ""), text) for name, text in self.problems.items()]


def session_of(user: Any, uid: Any) -> ImportSession:
    """The person's own import; Missing for anybody else's."""
    rows = ImportSession.objects.unscoped().select_related("org", "created_by", "job")
    found: ImportSession = rows.one(uid=uid, created_by=user)
    return found
