"""Inspection groups and which group looks after which school (SAF.07, SAF.08)."""

from typing import Any

from django.conf import settings
from django.db import models

from anlan.engines.audit.api import Actor, archive
from anlan.engines.org.api import Kind, Record
from anlan.engines.registry.api import Ledger, ledger
from anlan.kernel.errors import Conflict

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer inspector township_officer"


class InspectionGroup(Record):
    """A named group of the bureau with its leader and members."""

    INHERITED = True

    name = models.CharField("名称", max_length=40)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_groups", verbose_name="组长"
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="inspection_groups", blank=True, verbose_name="成员"
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


@ledger
class InspectionGroups(Ledger):
    """Groups, kept by the bureau."""

    code = "safety.inspection_groups"
    model = InspectionGroup
    title, noun, icon = "检查小组", "小组", "users"
    area, group, order = "safety", "日常", 60
    columns = "name leader org"
    search = "name leader__name"
    key = "org name"
    form = "org name leader members"
    example = {"name": "第一检查组"}
    roles = {"view": WATCHERS, "add": BUREAU, "edit": BUREAU, "archive": BUREAU, "export": BUREAU}

    def begin(self, user: Any) -> dict[str, Any]:
        """Groups belong to the own bureau."""
        return {"org": user.unit_id}


@ledger
class GroupAssignments(Ledger):
    """Which group looks after which school."""

    code = "safety.group_assignments"
    model = GroupAssignment
    title, noun, icon = "小组分配", "分配", "school"
    area, group, order = "safety", "日常", 70
    columns = "org group created_at"
    filters = "org group"
    search = "org__name group__name"
    key = "org"
    form = "org group"
    choices = {"org": models.Q(kind=Kind.SCHOOL)}
    roles = {
        "view": f"{WATCHERS} school_safety school_head",
        "add": BUREAU,
        "edit": BUREAU,
        "archive": BUREAU,
        "import": BUREAU,
        "export": BUREAU,
    }


def dissolve(actor: Actor, group: InspectionGroup, running: Any) -> None:
    """Take a group out of use; Conflict while a running task (``running``, a queryset of parts) uses it."""
    if running.filter(group=group).exists():
        raise Conflict("还有正在进行的检查由这个小组负责，不能删除")
    archive(actor, group)
