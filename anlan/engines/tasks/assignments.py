"""Assignments: what one unit or person has to do in one round (D01.9, D01.10, S01.3)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from anlan.engines.messaging.api import nearest_holders
from anlan.engines.org.api import Grant, OrgUnit, Record, scope
from anlan.kernel import clock


class Stage(models.TextChoices):
    """The three states of a task, and the end of one that was taken back."""

    PENDING = "pending", "待完成"
    DOING = "doing", "执行中"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已取消"


OPEN = (Stage.PENDING, Stage.DOING)
TONES = {Stage.PENDING: "todo", Stage.DOING: "doing", Stage.COMPLETED: "done", Stage.CANCELLED: "idle"}


def belongs_to(user: Any, unit: OrgUnit) -> bool:
    """Whether the person works at the unit: active, and its member or holding a grant exactly there."""
    if not user.is_active:
        return False
    return user.unit_id == unit.pk or Grant.in_force().filter(user=user, unit=unit).exists()


class Assignment(Record):
    """One task: ``org`` is the unit it was given to, ``assignee`` the person.

    Without a person it is the duty of whoever holds ``DUTY`` over the unit. Acceptance is recorded within
    待完成; ``late`` is a mark beside the state.

    A concrete assignment adds ``round`` (``related_name="assignments"``) and overrides :meth:`missing`.
    ``SUBMIT`` names a further right without which nobody may submit; ``VERB`` is what its to-do says where
    accepting and starting are no steps of their own.
    """

    OWNER = "assignee"
    DUTY: ClassVar[str] = ""
    SUBMIT: ClassVar[str] = ""
    VERB: ClassVar[str] = ""

    assignee_id: int | None
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="负责人",
    )
    state = models.CharField(
        "状态", max_length=10, choices=Stage.choices, default=Stage.PENDING, editable=False, db_index=True
    )
    due_at = models.DateTimeField("期限", db_index=True)
    accepted_at = models.DateTimeField("接收时间", null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    started_at = models.DateTimeField("开始时间", null=True, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    late = models.BooleanField("逾期提交", default=False, editable=False)
    returns = models.PositiveSmallIntegerField("退回次数", default=0, editable=False)
    return_reason = models.CharField("退回原因", max_length=500, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(
                "round",
                "org",
                Coalesce("assignee", Value(0), output_field=models.BigIntegerField()),
                name="%(app_label)s_%(class)s_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.plan)

    @property
    def plan(self) -> Any:
        """The plan behind the round."""
        return self.round.plan  # type: ignore[attr-defined]

    @property
    def open(self) -> bool:
        """Still to be done."""
        return self.state in OPEN

    @property
    def overdue(self) -> bool:
        """Open and past its deadline."""
        return self.open and self.due_at < clock.now()

    @property
    def returned(self) -> bool:
        """Sent back and not yet submitted again."""
        return self.state == Stage.DOING and self.returns > 0

    @property
    def state_title(self) -> str:
        """The state in words."""
        return Stage(self.state).label

    @property
    def tone(self) -> str:
        """Tone of the state."""
        return "back" if self.returned else TONES[Stage(self.state)]

    @property
    def days_late(self) -> int:
        """Whole or begun days past the deadline, 0 when in time."""
        end = self.submitted_at if self.state == Stage.COMPLETED and self.submitted_at else clock.now()
        return max(0, -(-int((end - self.due_at).total_seconds()) // 86_400))

    def suits(self, user: Any) -> bool:
        """Whether the task may be passed to this person; somebody of the unit, unless overridden."""
        return belongs_to(user, self.org)

    def missing(self, values: dict[str, Any]) -> dict[str, str]:
        """What a submission still lacks, by field; overridden by the concrete assignment."""
        return {}

    def doers(self) -> list[Any]:
        """The people in charge now."""
        return [self.assignee] if self.assignee else nearest_holders(self.org, self.DUTY)

    def desk(self) -> dict[str, Any]:
        """Whose to-do the task is: a person's, that of whoever is on duty for the unit, or, where nobody is, of
        those who issue such tasks and find somebody else.
        """
        if self.assignee_id:
            return {"user": self.assignee}
        return (
            {"permission": self.DUTY} if self.DUTY else {"permission": self.plan.ISSUE, "org": self.plan.org}
        )

    def done_by(self, user: Any) -> bool:
        """Whether the person is in charge: named, or on duty for the unit where nobody is named."""
        if self.assignee_id is not None:
            return bool(self.assignee_id == user.pk)
        return bool(self.DUTY) and scope(user, self.DUTY).covers(self.org.path)

    def issued_by(self, user: Any) -> bool:
        """Whether the person answers for the plan."""
        return bool(self.plan.issued_by(user))

    def issuers(self) -> list[Any]:
        """Who answers for the plan: its maker while active, else the nearest holders of the right."""
        maker = self.plan.created_by
        return [maker] if maker and maker.is_active else nearest_holders(self.plan.org, self.plan.ISSUE)


def overdue_condition() -> Q:
    """Tasks past their deadline and not submitted."""
    return Q(state__in=OPEN, due_at__lt=clock.now())


def not_as_required() -> Q:
    """Tasks missed or late: what the list of tasks not carried out as required shows (D01.6)."""
    return overdue_condition() | Q(state=Stage.COMPLETED, late=True)
