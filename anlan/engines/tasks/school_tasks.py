"""School tasks: the school's own and those from superiors, in one list (S01.1, S01.2, S01.6, P.02)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from anlan.engines.files.api import count as files_of
from anlan.engines.messaging.api import holders
from anlan.engines.org.api import OrgUnit, Role, declare_permission, held_grants, scope
from anlan.engines.tasks.assignments import OPEN, Assignment, belongs_to
from anlan.engines.tasks.plans import Addressee, Plan, Round

VIEW, ISSUE, DUTY = "tasks.school_tasks.view", "tasks.school_tasks.issue", "tasks.school_tasks.do"
PHOTOS, ANNEX = "photos", "annex"
BUREAU = ("bureau_safety", "township_officer")
LEADERS = ("school_head", "school_safety", "unit_admin")
STAFF = ("staff", "guard", "canteen_manager", "dorm_keeper", "school_contact")

declare_permission(VIEW, "查看学校任务", (*BUREAU, *LEADERS, "bureau_leader", "bureau_viewer"))
declare_permission(f"{VIEW}.own", "查看本人的学校任务", STAFF)
declare_permission(ISSUE, "下达学校任务", (*BUREAU, *LEADERS))
declare_permission(DUTY, "承办学校任务", LEADERS)


class TaskKind(models.TextChoices):
    """What a task is about: the first six come from superiors, the others from the school itself."""

    INSPECTION = "inspection", "检查"
    REPORT = "report", "安全报告"
    FILLING = "filling", "表格填报"
    NOTICE = "notice", "通知反馈"
    RECTIFY = "rectify", "整改"
    TRAINING = "training", "培训"
    PATROL = "patrol", "巡查"
    TIDYING = "tidying", "整治"
    DRILL = "drill", "演练"
    MEETING = "meeting", "会议"
    FAULT = "fault", "报修"
    OTHER = "other", "其他"


class Evidence(models.TextChoices):
    """What a report must contain."""

    TEXT = "text", "文字说明"
    PHOTOS = "photos", "照片"
    PLACE = "place", "地点"
    SIGNATURE = "signature", "签名"


class SchoolTaskPlan(Plan):
    """One task as it is given: to units by a superior, or by a school to a person or a post of its own."""

    ISSUE = ISSUE

    kind = models.CharField("类别", max_length=12, choices=TaskKind.choices, default=TaskKind.OTHER)
    content = models.TextField("内容", blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    checklist = models.JSONField("检查项", default=list, blank=True)
    evidence = models.JSONField("反馈要求", default=list, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="负责人",
    )
    post = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责岗位"
    )
    assistants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="协助人"
    )
    units = models.ManyToManyField(OrgUnit, blank=True, related_name="+", verbose_name="承办单位")
    sign_hours = models.PositiveSmallIntegerField("签收时限（小时）", null=True, blank=True)
    shared = models.BooleanField("向上级共享", default=False)

    class Meta(Plan.Meta):
        verbose_name = "任务安排"
        ordering = ["-pk"]

    def clean(self) -> None:
        """Refuse unknown evidence, and a person in charge who does not work here."""
        super().clean()
        faults: dict[str, str] = {}
        if set(self.evidence) - set(Evidence.values):
            faults["evidence"] = "没有这种反馈要求"
        if not all(isinstance(item, str) and item.strip() for item in self.checklist):
            faults["checklist"] = "检查项不能为空"
        if self.responsible and self.org_id and not belongs_to(self.responsible, self.org):
            faults["responsible"] = "这个人不在本单位，或账号已停用"
        if faults:
            raise ValidationError(faults)

    def issued_by(self, user: Any) -> bool:
        """A unit's own tasks are its own affair; superiors answer only for those they gave."""
        if self.responsible_id or self.post_id:
            return self.org.path in scope(user, ISSUE).paths
        return super().issued_by(user)

    def audience(self) -> Sequence[Addressee]:
        """The person in charge, the post, or the units."""
        if self.responsible:
            return [Addressee(self.org, self.responsible)]
        if self.post_id:
            return [Addressee(self.org)]
        return [Addressee(unit) for unit in self.units.filter(closed_on=None)]

    def assignment(self, round_: Any, addressee: Addressee) -> Any:
        """Tasks of a post carry it."""
        made = super().assignment(round_, addressee)
        made.post = self.post
        return made


class SchoolTaskRound(Round):
    """One occurrence."""

    plan = models.ForeignKey(SchoolTaskPlan, models.PROTECT, related_name="rounds")

    class Meta(Round.Meta):
        verbose_name = "任务轮次"


class SchoolTask(Assignment):
    """What one unit, post or person has to do. ``parts`` are those it was split into or passed on to."""

    DUTY = DUTY

    round = models.ForeignKey(SchoolTaskRound, models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+", verbose_name="负责岗位")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="parts", verbose_name="上级任务"
    )
    part = models.CharField("分工", max_length=100, blank=True)

    class Meta(Assignment.Meta):
        verbose_name = "学校任务"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["org", "state", "due_at"], name="tasks_school_task_state"),
            models.Index(fields=["assignee", "state"], name="tasks_school_task_person"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}：{self.part}" if self.part else str(self.plan)

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("tasks.school_tasks:detail", args=[self.pk])

    @property
    def source(self) -> Any:
        """The unit the task comes from."""
        return self.plan.org

    @property
    def internal(self) -> bool:
        """Given by the unit to itself, or split among its own people."""
        return self.plan.org_id == self.org_id or (
            self.parent is not None and self.parent.org_id == self.org_id
        )

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """Beside the tasks of the scope: those one assists in and those of one's posts."""
        condition: Q = super().scope_condition(user, found)
        if not found.own_paths:
            return condition
        helped = SchoolTaskPlan.assistants.through.objects.filter(user=user).values("schooltaskplan")
        for grant in held_grants(user):
            condition |= Q(post=grant.role_id, org=grant.unit_id, assignee=None)
        own: Q = found.own_condition()
        return condition | own & Q(round__plan__in=helped)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Internal tasks stay within their unit unless they are shared."""
        own = Q(org__path__in=found.paths + found.own_paths)
        from_above = ~Q(round__plan__org=F("org")) & (Q(parent=None) | ~Q(parent__org=F("org")))
        return rows.filter(own | from_above | Q(round__plan__shared=True))

    def desk(self) -> dict[str, Any]:
        """A post's task lies on the desks of those who hold the post at the unit."""
        if self.post and not self.assignee_id:
            return {"role": self.post.code}
        return super().desk()

    def doers(self) -> list[Any]:
        """Holders of the post where the task belongs to one."""
        if self.post and not self.assignee_id:
            return holders(self.org, role=self.post.code, at_unit=True)
        return super().doers()

    def done_by(self, user: Any) -> bool:
        """Holders of the post do the task of the post."""
        if self.post_id and not self.assignee_id:
            return bool(held_grants(user).filter(role=self.post_id, unit=self.org_id).exists())
        return super().done_by(user)

    def missing(self, values: dict[str, Any]) -> dict[str, str]:
        """Required evidence, unanswered items, and parts that are still open."""
        wanted, faults = set(self.plan.evidence), {}
        for name in wanted - {Evidence.PHOTOS}:
            if not str(values.get(name, "")).strip():
                faults[str(name)] = f"请填写{Evidence(name).label}"
        if Evidence.PHOTOS in wanted and not files_of(self, PHOTOS):
            faults[PHOTOS] = "请上传照片"
        answered = values.get("checklist", {})
        if left := [item for item in self.plan.checklist if not answered.get(item)]:
            faults["checklist"] = f"还差 {len(left)} 项：{'、'.join(left)}"
        if open_parts := self.parts.filter(state__in=OPEN).count():
            faults[""] = f"还有 {open_parts} 项分办没有完成"
        return faults
