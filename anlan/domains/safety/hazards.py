"""Hazards: one register for every source (D03, SAF.16-SAF.20, P.13)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.domains.safety.grades import Grade
from anlan.engines.registry.api import risk_field
from anlan.engines.workflow.api import (
    FlowRecord,
)
from anlan.kernel import clock


class Source(models.TextChoices):
    """Where a hazard was found."""

    ROUTINE = "routine", "日常巡查"
    SPOT = "spot", "抽查"
    SPECIAL = "special", "专项检查"
    SELF = "self", "学校自查"
    QUICK = "quick", "随手报"
    INCIDENT = "incident", "安全事件"
    TECH = "tech", "技防检查"


class Hazard(FlowRecord):
    """One hazard at one school, from its finding to its archived end.

    ``source_key`` names the finding it came from (``<model>:<id>``; None by hand) and is unique, so that the
    same finding sent twice makes one hazard. ``rectifier`` is the person of the school it was given to.
    """

    OWNER = "rectifier"
    SHAREABLE = True

    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    title = models.CharField("问题", max_length=120)
    detail = models.TextField("具体情况", blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    category = risk_field("类别")
    grade = models.CharField("等级", max_length=8, choices=Grade.choices, blank=True, db_index=True)
    criterion = models.CharField("重大隐患判定依据", max_length=20, blank=True)
    source = models.CharField(
        "来源", max_length=10, choices=Source.choices, default=Source.ROUTINE, db_index=True
    )
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True, editable=False)
    source_url = models.CharField(max_length=300, blank=True, editable=False)
    found_at = models.DateTimeField("发现时间", default=clock.now, db_index=True)
    reporter = models.CharField("上报人", max_length=40, blank=True)
    reported_up = models.BooleanField("上报教育局", default=True)
    responsible = models.CharField("整改责任人", max_length=40, blank=True)
    rectifier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="整改办理人",
    )
    measure = models.TextField("整改措施", blank=True)
    cost = models.DecimalField("整改经费（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    plan_measures = models.TextField("措施到位", blank=True)
    plan_funds = models.TextField("资金到位", blank=True)
    plan_deadline = models.TextField("时限到位", blank=True)
    plan_duty = models.TextField("责任到位", blank=True)
    plan_emergency = models.TextField("预案到位", blank=True)
    opinion = models.TextField("意见", blank=True)
    recheck_way = models.CharField(
        "复查方式",
        max_length=10,
        blank=True,
        choices=[("site", "现场"), ("papers", "看材料"), ("video", "视频")],
    )
    rectified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    rounds = models.PositiveSmallIntegerField("整改轮次", default=0, editable=False)
    pressings = models.PositiveSmallIntegerField("督办次数", default=0, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "隐患"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="safety_hazard_org_state"),
            models.Index(fields=["state", "due_at"], name="safety_hazard_state_due"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/safety/hazards/{self.pk}/"

    def clean(self) -> None:
        """Refuse a finding in the future and a deadline before the finding."""
        faults: dict[str, str] = {}
        if self.found_at and self.found_at > clock.now():
            faults["found_at"] = "发现时间不能晚于现在"
        if self.due_at and self.found_at and self.due_at <= self.found_at:
            faults["due_at"] = f"要晚于发现时间 {self.found_at.astimezone(clock.zone()):%m-%d %H:%M}"
        if self.rectifier and not (
            self.rectifier.unit and self.rectifier.unit.path.startswith(self.org.path)
        ):
            faults["rectifier"] = "只能交给本校的人"
        if faults:
            raise ValidationError(faults)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give the hazard its number; one kept inside the school starts with the school."""
        if self._state.adding:
            self.number = self.number or next_number()
            self.state = self.state or ("reported" if self.reported_up else "assigned")
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The number is given on saving; a finding keeps the kind it was made under, even if out of use by now."""
        self.number = self.number or next_number()
        self.state = self.state or ("reported" if self.reported_up else "assigned")
        if self.source_key and self.category_id:
            kwargs["exclude"] = {"category", *(kwargs.get("exclude") or ())}
        super().full_clean(*args, **kwargs)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """The bureau sees only the hazards a school reported (note of SAF.17); the school itself sees all."""
        return rows.filter(Q(reported_up=True) | Q(org__path__in=found.paths + found.own_paths))


class HazardCounter(models.Model):
    """The last number of a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


def next_number() -> str:
    """The next number of the year, ``YH-26-0001``; gaps are harmless, doubles impossible."""
    year = clock.today().year
    with transaction.atomic():
        HazardCounter.objects.get_or_create(year=year)
        HazardCounter.objects.filter(year=year).update(last=models.F("last") + 1)
        return f"YH-{year % 100:02d}-{HazardCounter.objects.get(year=year).last:04d}"
