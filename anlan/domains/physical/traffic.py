"""Traffic safety facilities around schools: place, state, and what became of a request to the department (N2.06)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.physical.traffic_kinds import TrafficKind
from anlan.engines.registry.api import Entry, unique

FINE, BROKEN, MISSING = "fine", "broken", "missing"
CONDITIONS = [(FINE, "完好"), (BROKEN, "损坏"), (MISSING, "缺失")]
NONE, SENT, ACCEPTED, SETTLED, DECLINED = "", "sent", "accepted", "settled", "declined"
REPLIES = [(ACCEPTED, "已受理"), (SETTLED, "已处理"), (DECLINED, "不受理")]
STAGES = [(NONE, "未移交"), (SENT, "已移交"), *REPLIES]
WAITING = (SENT, ACCEPTED)


class TrafficFacility(Entry):
    """A facility that stands near a school, or should; ``stage`` is that of the request to the department."""

    SHAREABLE = True

    kind = models.ForeignKey(TrafficKind, models.PROTECT, related_name="facilities", verbose_name="设施种类")
    place = models.CharField("位置", max_length=120, help_text="如：南大门外世纪路东侧 30 米")
    condition = models.CharField("状况", max_length=8, choices=CONDITIONS, default=FINE, db_index=True)
    defect = models.CharField("缺损情况", max_length=200, blank=True)
    stage = models.CharField(
        "移交进度", max_length=8, choices=STAGES, default=NONE, blank=True, editable=False, db_index=True
    )
    department = models.CharField("移交部门", max_length=120, blank=True, editable=False)
    sent_on = models.DateField("移交日期", null=True, blank=True, editable=False, db_index=True)
    replied_on = models.DateField("回复日期", null=True, blank=True, editable=False)
    reply = models.CharField("部门回复", max_length=500, blank=True, editable=False)
    replied_by = models.CharField("回复人", max_length=60, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "周边交通安全设施"
        constraints = [unique("physical_traffic_once", "org kind place", "这个位置已登记这种设施")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"

    def clean(self) -> None:
        """What is broken or missing is described; a place is more than blanks."""
        if not self.place.strip():
            raise ValidationError({"place": "请写明位置"})
        if self.condition != FINE and not self.defect.strip():
            raise ValidationError({"defect": "损坏或缺失的要写明情况"})


def lacking(row: TrafficFacility) -> bool:
    """Broken or missing, and no department has it in hand."""
    return row.archived_at is None and row.condition != FINE and row.stage not in WAITING


def waiting(row: TrafficFacility) -> bool:
    """With the department, which has not settled or declined it."""
    return row.archived_at is None and row.stage in WAITING


def unsent() -> Q:
    """Condition: broken or missing, and not passed on."""
    return ~Q(condition=FINE) & Q(stage=NONE, archived_at=None)
