"""Special checks: what is checked, by whom, until when, and each school's part (SAF.06, SAF.11-SAF.15)."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.safety.groups import InspectionGroup, groups_of
from anlan.engines.org.api import Grant, OrgUnit, declare_permission, scope
from anlan.engines.workflow.api import Flow, FlowRecord, flows
from anlan.kernel import clock

OVERSEERS = ("bureau_safety", "team_admin", "bureau_leader", "bureau_viewer")
OVERSEE = declare_permission("safety.special_parts.oversee", "专项检查：教育局查看", OVERSEERS).code
ANSWER = declare_permission("safety.special_checks.answer", "专项检查：可任责任人", OVERSEERS).code
CLOSES_AT = time(18, 0)


def officers(people: Any, user: Any) -> Any:
    """Of these people those of the bureau, who may answer for a special check."""
    grants = Grant.in_force().filter(role__permissions__permission=ANSWER)
    return people.filter(pk__in=grants.values("user"), is_active=True)


class SpecialCheck(FlowRecord):
    """One special check of a bureau (``org``): requirements, completion day, person in charge, schools."""

    OWNER = "responsible"

    title = models.CharField("检查名称", max_length=80)
    requirements = models.TextField("检查要求")
    finish_on = models.DateField("完成日期", db_index=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="责任人",
    )
    schools = models.ManyToManyField(OrgUnit, related_name="+", verbose_name="检查学校")

    class Meta(FlowRecord.Meta):
        verbose_name = "专项检查"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The check's page."""
        return f"/safety/special-checks/{self.pk}/"

    def clean(self) -> None:
        """The completion day of a check not yet ended lies ahead."""
        if self.finish_on and self.state in ("", "draft") and self.finish_on < clock.today():
            raise ValidationError({"finish_on": "完成日期不能早于今天"})

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """The bureau sees all it keeps; schools and groups (right ``.own``) only what was published to them."""
        parts = SpecialPart.unguarded.filter(Q(org__path__in=found.own_paths) | Q(group__in=own_groups(user)))
        concerned = Q(pk__in=parts.values("check_of")) if found.own_paths else Q(pk__in=[])
        return found.condition() | concerned


class SpecialItem(models.Model):
    """One item, copied into the check, so that a template changed later leaves it untouched."""

    check_of = models.ForeignKey(SpecialCheck, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField("序号")
    major = models.CharField("大类", max_length=60)
    middle = models.CharField("中类", max_length=60, blank=True)
    wording = models.CharField("检查项目", max_length=500)
    standard = models.TextField("检查标准", max_length=2000)
    score = models.DecimalField("标准分", max_digits=6, decimal_places=2, default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "number"], name="safety_special_item_once")
        ]

    def __str__(self) -> str:
        return self.wording


class SpecialPart(FlowRecord):
    """One school's part (``org``) of a special check, with the group that looks after it."""

    class Reached(models.IntegerChoices):
        """The highest level the part has come to."""

        SCHOOL = 0, "学校"
        GROUP = 1, "检查小组"
        BUREAU = 2, "教育局"

    check_of = models.ForeignKey(SpecialCheck, models.PROTECT, related_name="parts", verbose_name="专项检查")
    group = models.ForeignKey(InspectionGroup, models.PROTECT, related_name="parts", verbose_name="检查小组")
    findings = models.TextField("自查情况", blank=True)
    group_summary = models.TextField("小组小结", blank=True)
    bureau_summary = models.TextField("教育局小结", blank=True)
    opinion = models.TextField("退回理由", blank=True)
    reached = models.PositiveSmallIntegerField("到达层级", default=0, choices=Reached.choices, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "学校专项检查"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["check_of", "org"], name="safety_special_part_once")]
        indexes = [models.Index(fields=["group", "state"], name="safety_special_part_group")]

    def __str__(self) -> str:
        return f"{self.check_of.title} · {self.org}"

    def get_absolute_url(self) -> str:
        """The part's page."""
        return f"/safety/special-parts/{self.pk}/"

    def entrusts(self, user: Any) -> bool:
        """The group is in charge wherever else its people inspect."""
        return InspectionGroup.unguarded.filter(groups_of(user), pk=self.group_id).exists()

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """Beside the units of the right, the schools of the person's groups."""
        return super().scope_condition(user, found) | Q(group__in=own_groups(user))

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """The school sees its part, the group once it is submitted, the bureau once the group confirmed."""
        return rows.filter(at_own_level(user, found))


class SpecialProgress(SpecialPart):
    """How far every school is, for those who oversee the check: the state, not yet the findings."""

    class Meta:
        proxy = True
        verbose_name = "专项检查进度"

    @property
    def flow(self) -> Flow:
        """That of the part."""
        return flows["safety.special_parts"]

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """The units of the right, and no more."""
        return Q(found.condition())

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """None of it is kept back."""
        return rows


def own_groups(user: Any) -> Any:
    """Keys of the groups the person leads or belongs to."""
    return InspectionGroup.unguarded.filter(groups_of(user)).values("pk")


def at_own_level(user: Any, found: Any, part: str = "", oversee: str = OVERSEE) -> Q:
    """Parts (or rows of theirs, ``part`` being the path to them) that have come to the person's level."""
    at_school = Q(org__path__in=found.paths)
    in_group = Q(**{f"{part}reached__gte": 1, f"{part}group__in": own_groups(user)})
    above = Q(**{f"{part}reached__gte": 2}) & scope(user, oversee).condition()
    return at_school | in_group | above
