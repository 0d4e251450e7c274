"""Inspection groups and which group looks after which school (SAF.07, SAF.08)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import Grant, Kind, Record, declare_permission

JOIN = declare_permission(
    "safety.inspection_groups.join", "检查小组：可任组长、成员", ("inspector", "team_admin")
).code


def checkers(people: Any, user: Any) -> Any:
    """Of these people the ones who may confirm for a group: nobody else leads one or belongs to it."""
    grants = Grant.in_force().filter(role__permissions__permission=JOIN)
    return people.filter(pk__in=grants.values("user"), is_active=True)


class InspectionGroup(Record):
    """A named group of the bureau with its leader and members."""

    INHERITED = True

    name = models.CharField("名称", max_length=40)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="led_groups",
        verbose_name="组长",
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="inspection_groups",
        blank=True,
        verbose_name="成员",
    )

    class Meta(Record.Meta):
        verbose_name = "检查小组"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                condition=models.Q(archived_at=None),
                name="safety_group_once",
                violation_error_message="已有同名的检查小组",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The group's page."""
        return f"/safety/inspection-groups/{self.pk}/"


def groups_of(user: object) -> Q:
    """Groups the person leads or belongs to."""
    return Q(pk__in=InspectionGroup.unguarded.filter(Q(leader=user) | Q(members=user)).values("pk"))


class GroupAssignment(Record):
    """The one group that looks after a school (``org``); a change affects later tasks only."""

    group = models.ForeignKey(
        InspectionGroup, models.PROTECT, related_name="assignments", verbose_name="检查小组"
    )

    class Meta(Record.Meta):
        verbose_name = "小组分配"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                condition=models.Q(archived_at=None),
                name="safety_group_of_school_once",
                violation_error_message="这所学校已经分配了检查小组",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org}：{self.group}"

    def clean(self) -> None:
        """Only a school has a group, and only one that is in use."""
        if self.org_id and self.org.kind != Kind.SCHOOL:
            raise ValidationError({"org": "只能给学校分配检查小组"})
        if self.group_id and self.group.archived_at is not None:
            raise ValidationError({"group": "这个检查小组已停用"})
