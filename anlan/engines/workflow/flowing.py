"""The fields a record under a workflow has, and its history of steps."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from anlan.engines.org.api import Record
from anlan.engines.workflow.declaring import Flow, State, flow_of
from anlan.engines.workflow.editions import FlowEdition, edition_at
from anlan.kernel import clock
from anlan.kernel.errors import Conflict


class FlowRecord(Record):
    """A record with a state and the deadline of that state."""

    state = models.CharField("状态", max_length=20, editable=False, db_index=True)
    due_at = models.DateTimeField("期限", null=True, blank=True, db_index=True)
    flow_edition = models.ForeignKey(
        FlowEdition, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="流程版本"
    )

    class Meta(Record.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new record begins in the initial state, under the edition now in force at its unit."""
        self.state = self.state or self.flow.initial
        if self._state.adding and self.flow_edition_id is None:
            self.flow_edition = edition_at(self.org, self.flow.code)
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validation sees the initial state too."""
        self.state = self.state or self.flow.initial
        super().full_clean(*args, **kwargs)

    @property
    def flow(self) -> Flow:
        """The workflow of this record's model."""
        flow = flow_of(type(self))
        if flow is None:
            raise LookupError(f"{type(self).__name__} has no workflow")
        return flow

    @property
    def state_shown(self) -> State:
        """Words and tone of the present state; past its deadline an open record says so."""
        state = self.flow.states[self.state]
        return State(f"{state.title}逾期", "late") if self.overdue else state

    def entrusts(self, user: Any) -> bool:
        """Hook: whether the record itself puts the person in charge, beyond the units of their rights."""
        return False

    @property
    def open(self) -> bool:
        """Not yet in a final state."""
        return self.state not in self.flow.final

    @property
    def overdue(self) -> bool:
        """Open and past its deadline."""
        return self.open and self.due_at is not None and self.due_at < clock.now()


class Step(models.Model):
    """One move that was made: append-only, newest last; ``values`` keeps what was said then."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    move = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    at = models.DateTimeField(default=clock.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    due_at = models.DateTimeField(null=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "办理过程"
        ordering = ["pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="workflow_step_object")]

    def __str__(self) -> str:
        return f"{self.actor} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: Conflict for a change (D03.6)."""
        if not self._state.adding:
            raise Conflict("办理过程写下后不能修改")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never: Conflict."""
        raise Conflict("办理过程写下后不能删除")


def steps_of(record: Record) -> models.QuerySet[Step]:
    """Every step of the record, oldest first."""
    return Step.objects.filter(model=record._meta.label_lower, object_id=record.pk).select_related("user")
