"""Hazards: one register for every source, a closed loop of named moves, rounds that cannot be edited (D03, SAF.16-20, P.13)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from anlan.domains.safety.risks import Grade, RiskCategory
from anlan.engines.audit.api import Actor
from anlan.engines.workflow.api import (
    FlowRecord,
    Workflow,
    back,
    doing,
    done,
    idle,
    move,
    review,
    steps_of,
    todo,
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

    ``source_key`` names the finding it came from (``<model>:<id>``, empty when entered by hand) and is unique, so
    that the same finding sent twice makes one hazard.
    """

    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    title = models.CharField("问题", max_length=120)
    detail = models.TextField("具体情况", blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    category = models.ForeignKey(RiskCategory, models.PROTECT, related_name="+", verbose_name="类别")
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
        return reverse("safety.hazards:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a finding in the future, a deadline before the finding, and a major grade without its criterion."""
        faults: dict[str, str] = {}
        if self.found_at and self.found_at > clock.now():
            faults["found_at"] = "发现时间不能晚于现在"
        if self.due_at and self.found_at and self.due_at <= self.found_at:
            faults["due_at"] = f"要晚于发现时间 {self.found_at.astimezone(clock.zone()):%m-%d %H:%M}"
        if faults:
            raise ValidationError(faults)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give the hazard its number; one kept inside the school starts with the school."""
        if self._state.adding:
            self.number = self.number or next_number()
            self.state = self.state or ("reported" if self.reported_up else "assigned")
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The number is given on saving."""
        self.number = self.number or next_number()
        self.state = self.state or ("reported" if self.reported_up else "assigned")
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


def _not_the_rectifier(hazard: Hazard, user: Any) -> str | None:
    return "整改人本人不能审核、复查自己的整改" if hazard.rectified_by_id == user.pk else None


def _inside_school(hazard: Hazard, _: Any) -> str | None:
    return "已上报教育局的隐患由教育局销号" if hazard.reported_up else None


def _reported(hazard: Hazard, _: Any) -> str | None:
    return None if hazard.reported_up else "这条隐患由学校自行整改，尚未上报"


def _next_round(hazard: Hazard, actor: Actor) -> dict[str, Any]:
    return {"rectified_by": actor.user, "rounds": hazard.rounds + 1}


BUREAU = "bureau_safety team_admin"
SCHOOL = "school_safety school_head"


class HazardFlow(Workflow):
    """The closed loop: found, judged, assigned, rectified, approved, re-checked, struck off."""

    code = "safety.hazards"
    title = "隐患"
    model = Hazard
    states = {
        "reported": idle("待核实"),
        "assigned": todo("待整改"),
        "fixing": doing("整改中"),
        "submitted": review("待审核"),
        "recheck": review("待复查"),
        "returned": back("退回重改"),
        "rectified": review("待销号"),
        "closed": done("已销号"),
        "void": idle("误报"),
    }
    initial, final = "reported", "closed void"
    files = "before after recheck strike_off"

    confirm = move(
        "确认隐患",
        "reported",
        "assigned",
        by=BUREAU,
        needs="grade responsible due_at",
        takes="criterion opinion",
    )
    dismiss = move("判为误报", "reported", "void", by=BUREAU, needs="opinion", duty=False, outlined=True)
    reopen = move("重新判定", "void", "reported", by=BUREAU, needs="opinion", duty=False)
    start = move("开始整改", "assigned returned", "fixing", by=SCHOOL, takes="responsible", duty=False)
    submit = move(
        "提交整改",
        "assigned fixing returned",
        "submitted",
        by=SCHOOL,
        needs="measure after",
        takes="cost plan_measures plan_funds plan_deadline plan_duty plan_emergency",
        guard=_reported,
        effect=_next_round,
        within_days=3,
    )
    settle = move(
        "校内办结",
        "assigned fixing",
        "closed",
        by=SCHOOL,
        needs="measure after",
        guard=_inside_school,
        archives=True,
    )
    report_up = move(
        "上报教育局",
        "assigned fixing",
        "reported",
        by=SCHOOL,
        guard=_inside_school,
        sets={"reported_up": True},
        duty=False,
    )
    approve = move(
        "审核通过",
        "submitted",
        "recheck",
        by=f"{BUREAU} township_officer",
        takes="opinion",
        guard=_not_the_rectifier,
        within_days=5,
    )
    send_back = move(
        "退回",
        "submitted",
        "returned",
        by=f"{BUREAU} township_officer",
        needs="opinion",
        guard=_not_the_rectifier,
        within_days=5,
        outlined=True,
    )
    pass_recheck = move(
        "复查合格",
        "recheck",
        "rectified",
        by=f"{BUREAU} inspector",
        takes="opinion recheck_way recheck",
        guard=_not_the_rectifier,
        within_days=3,
    )
    fail_recheck = move(
        "复查不合格",
        "recheck",
        "returned",
        by=f"{BUREAU} inspector",
        needs="opinion",
        takes="recheck_way recheck",
        guard=_not_the_rectifier,
        within_days=7,
        outlined=True,
    )
    strike_off = move(
        "销号",
        "rectified",
        "closed",
        by=BUREAU,
        takes="opinion strike_off",
        guard=_not_the_rectifier,
        archives=True,
    )
    cancel = move(
        "作废",
        "reported assigned fixing submitted recheck returned rectified",
        "void",
        by=BUREAU,
        needs="opinion",
        duty=False,
        outlined=True,
    )
