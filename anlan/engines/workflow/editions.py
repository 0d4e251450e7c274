"""Editions of a workflow: deadlines, roles and an extra approval changed by a unit, within limits (X.14).

A record keeps the edition in force when it began; a later one concerns later records only. What is not changed
stays as declared.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.org.api import OrgUnit, Record, declare_permission
from anlan.engines.workflow.declaring import Flow, Move, flows

MOST_DAYS = 60
VIEW = declare_permission(
    "workflow.flows.view",
    "流程：查看",
    (
        "bureau_safety",
        "bureau_leader",
        "bureau_viewer",
        "team_admin",
        "unit_admin",
        "school_head",
        "school_safety",
    ),
).code
ADJUST = declare_permission("workflow.flows.adjust", "流程：调整", ("bureau_safety", "unit_admin")).code


class FlowEdition(Record):
    """One edition of the flow ``flow`` at a unit and below it; ``days``, ``roles``, ``extra`` go by move.

    ``extra`` names the role whose approval is needed before the move, ``roles`` are some of those declared.
    """

    INHERITED = True

    flow = models.CharField("流程", max_length=60, db_index=True)
    number = models.PositiveIntegerField("版本", default=1, editable=False)
    days = models.JSONField("期限（工作日）", default=dict, blank=True)
    roles = models.JSONField("办理角色", default=dict, blank=True)
    extra = models.JSONField("增加审批", default=dict, blank=True)

    class Meta(Record.Meta):
        verbose_name = "流程版本"
        ordering = ["flow", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["org", "flow", "number"], name="workflow_edition_once")
        ]

    def __str__(self) -> str:
        flow = flows.get(self.flow)
        return f"{flow.title if flow else self.flow} 第 {self.number} 版"

    def clean(self) -> None:
        """Only what the declaration leaves open: its own moves, whole days, its own roles."""
        flow = flows.get(self.flow)
        if flow is None:
            raise ValidationError({"flow": "没有这个流程"})
        if faults := faults_of(flow, self):
            raise ValidationError(faults)


def faults_of(flow: Flow, edition: FlowEdition) -> dict[str, str]:
    """What goes beyond the limits, by field."""
    faults = {}
    for name, days in edition.days.items():
        step = flow.moves.get(name)
        whole = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MOST_DAYS
        if step is None or step.within_days is None or not whole:
            faults["days"] = f"期限只能是 1 至 {MOST_DAYS} 个工作日，且这一步本来就有期限"
    for name, roles in edition.roles.items():
        step = flow.moves.get(name)
        if step is None or not roles or not set(roles) <= set(step.by):
            faults["roles"] = "办理角色只能在原有角色中选，至少留一个"
    for name, role in edition.extra.items():
        if name not in flow.moves or role not in roles_of(flow):
            faults["extra"] = "增加的审批只能由流程中的角色承担"
    return faults


def roles_of(flow: Flow) -> list[str]:
    """Every role that takes part in the flow, in order of declaration."""
    return list(dict.fromkeys(role for step in flow.moves.values() for role in step.by))


def edition_at(unit: OrgUnit, flow: str) -> FlowEdition | None:
    """The edition in force at a unit: the newest of the nearest unit at or above it."""
    rows = FlowEdition.objects.unscoped().filter(
        org__code__in=unit.ancestor_codes(), flow=flow, archived_at=None
    )
    found: FlowEdition | None = rows.order_by("-org__path", "-number").first()
    return found


@dataclass(frozen=True)
class Rule:
    """What holds for a move of one record: days of the deadline it starts, who may take it, whose approval first."""

    days: int | None
    by: tuple[str, ...]
    extra: str = ""


def rule(step: Move, edition: FlowEdition | None) -> Rule:
    """The declared move as the edition has it."""
    if edition is None:
        return Rule(step.within_days, step.by)
    return Rule(
        edition.days.get(step.name, step.within_days),
        tuple(edition.roles.get(step.name, step.by)),
        edition.extra.get(step.name, ""),
    )


def next_number(unit: OrgUnit, flow: str) -> int:
    """The number of the unit's next edition."""
    rows = FlowEdition.objects.unscoped().filter(org=unit, flow=flow)
    last: Any = rows.aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1
