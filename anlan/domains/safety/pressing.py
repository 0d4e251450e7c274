"""Pressing for hazards (督办) and requests for more time, records beside the hazard (SAF.20, D03.5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.org.api import Record, declare_permission, require
from anlan.engines.workflow.api import FlowRecord, Moved, Workflow, done, idle, move, renew_todos, review
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden

PRESS = declare_permission(
    "safety.hazards.press", "隐患：督办", ("bureau_safety", "team_admin", "bureau_leader")
).code
EXTEND = declare_permission("safety.hazards.extend", "隐患：申请延期", ("school_safety", "school_head")).code


class Pressing(Record):
    """One pressing by a superior: who, when, what was said; never edited."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="pressing_set", verbose_name="隐患")
    text = models.TextField("督办要求")

    class Meta(Record.Meta):
        verbose_name = "督办"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"督办：{self.hazard.title}"


class Extension(FlowRecord):
    """A school's request to move a hazard's deadline; it counts only once agreed."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="extensions", verbose_name="隐患")
    until = models.DateTimeField("延期至")
    reason = models.TextField("延期理由")
    opinion = models.TextField("意见", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "延期申请"
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"],
                condition=models.Q(state="asked"),
                name="safety_extension_one_open",
                violation_error_message="已有一份待审批的延期申请",
            )
        ]

    def __str__(self) -> str:
        return f"延期：{self.hazard.title}"

    def get_absolute_url(self) -> str:
        """The request's page, where it is answered."""
        return f"/safety/extensions/{self.pk}/"

    def clean(self) -> None:
        """A new deadline lies after the present one and in the future."""
        if self.until and self.until <= max(clock.now(), self.hazard.due_at or clock.now()):
            raise ValidationError({"until": "要晚于现在的整改期限"})


class ExtensionFlow(Workflow):
    """Asked by the school, agreed or refused by the bureau."""

    code = "safety.extensions"
    title = "延期申请"
    model = Extension
    states = {"asked": review("待审批", "审批"), "agreed": done("已同意"), "refused": idle("未同意")}
    initial, final = "asked", "agreed refused"

    agree = move("同意延期", "asked", "agreed", by="bureau_safety team_admin", takes="opinion")
    refuse = move("不同意", "asked", "refused", by="bureau_safety team_admin", needs="opinion", duty=False)


def press(actor: Actor, hazard: Hazard, text: str) -> Pressing:
    """Press for a hazard: Conflict when it is finished, Forbidden without the right over its school."""
    if actor.user is not None and not require(actor.user, PRESS).covers(hazard.org.path):
        raise Forbidden(PRESS)
    if not hazard.open:
        raise Conflict("这条隐患已经办结，不能督办")
    with transaction.atomic():
        pressing = create(actor, Pressing(org=hazard.org, hazard=hazard, text=text.strip()))
        Hazard.unguarded.filter(pk=hazard.pk).update(pressings=F("pressings") + 1)
    return pressing


def ask_extension(actor: Actor, hazard: Hazard, values: dict[str, Any]) -> Extension:
    """The school asks for more time: Forbidden without the right there, Conflict while a request is open."""
    if actor.user is not None and not require(actor.user, EXTEND).covers(hazard.org.path):
        raise Forbidden(EXTEND)
    if not hazard.open or hazard.due_at is None:
        raise Conflict("这条隐患现在没有整改期限")
    return create(actor, Extension(org=hazard.org, hazard=hazard, **values))


@events.on(Moved)
def grant_extension(event: Moved) -> None:
    """An agreed request moves the hazard's deadline, and with it the to-dos that carry it."""
    if isinstance(event.record, Extension) and event.move.name == "agree":
        hazard = Hazard.objects.unscoped().one(pk=event.record.hazard_id)
        change(event.actor, hazard, {"due_at": event.record.until}, action="extend")
        renew_todos(hazard, event.actor.user)
