"""Every workflow allows exactly what it declares: each state, each role, each move."""

from typing import Any

import pytest
from django.db import transaction

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.org.api import Grant, Role, forget_rights
from anlan.engines.registry.api import ledger_of
from anlan.engines.workflow.api import Flow, FlowRecord, Move, flows, moves_open_to, perform, steps_of
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.conformance.rows import a_person, a_related, a_row, values_for
from tests.conformance.world import World

pytestmark = pytest.mark.django_db
every_flow = pytest.mark.parametrize("flow", list(flows), ids=lambda flow: flow.code)

# Every move of these asks for more of the domain than a made-up record has; the domain's own tests make them.
NEEDS_ITS_DOMAIN = {
    "safety.extensions": "a later deadline",
    "accounts.exemptions": "a ledger of the school and one of its periods",
    "accounts.items": "a ledger of the school in force on its day",
    "organisation.meeting_tasks": "the person it was given to",
}


class Stage:
    """One record of a flow that can be put into any state, and people of every role it names."""

    def __init__(self, flow: Flow) -> None:
        ledger = ledger_of(flow.model)
        assert ledger is not None, f"{flow.code} has no ledger to be seen in"
        self.flow, self.world = flow, World(ledger)
        self.record: Any = self.world.row
        self.people = {
            code: self._holder(code) for code in sorted({c for m in flow.moves.values() for c in m.by})
        }

    def _holder(self, code: str) -> Any:
        user = a_person(self.world.county)
        Grant.objects.create(user=user, role=Role.objects.get(code=code), unit=self.world.county)
        return user

    def put(self, state: str) -> FlowRecord:
        """The record in this state, not archived."""
        self.flow.model.unguarded.filter(pk=self.record.pk).update(state=state, archived_at=None)
        self.record = self.flow.model.unguarded.get(pk=self.record.pk)
        return self.record  # type: ignore[no-any-return]

    def mine(self, state: str, user: Any) -> FlowRecord:
        """The record in this state, every person it names being this one."""
        record = self.put(state)
        for field in record._meta.concrete_fields:
            if field.is_relation and hasattr(field.related_model, "USERNAME_FIELD"):
                setattr(record, field.name, user)
        return record

    def values(self, step: Move) -> tuple[dict[str, Any], dict[str, int]]:
        """What the move asks for."""
        made = values_for(self.flow.model, self.world.inside, self.world.ledger)
        files = {name: 1 for name in step.needs if name in self.flow.files}
        return {name: self._value(name, made) for name in step.needs if name not in files}, files

    def _value(self, name: str, made: dict[str, Any]) -> Any:
        field: Any = self.flow.model._meta.get_field(name)
        if name in made:
            return made[name]
        if field.is_relation:
            same = field.related_model is self.flow.model
            return (
                a_row(self.world.ledger, self.world.inside) if same else a_related(field, self.world.inside)
            )
        if field.get_internal_type() == "DateTimeField":
            return self.world.tomorrow
        return field.choices[0][0] if field.choices else "好"


def guarded(step: Move, record: Any, user: Any) -> bool:
    return bool(step.guard and step.guard(record, user))


@every_flow
def test_moves_offered_are_the_moves_declared(flow: Flow) -> None:
    stage = Stage(flow)
    for state in flow.states:
        for role, user in stage.people.items():
            forget_rights(user)
            for record in (stage.put(state), stage.mine(state, user)):
                wanted = {
                    step.name
                    for step in flow.moves_from(state)
                    if role in step.by and not guarded(step, record, user)
                }
                assert {step.name for step in moves_open_to(user, record)} == wanted, (state, role)


@every_flow
def test_moves_from_other_states_and_by_other_roles_are_refused(flow: Flow) -> None:
    stage = Stage(flow)
    for step in flow.moves.values():
        values, files = stage.values(step)
        insider = stage.people[step.by[0]]
        for state in set(flow.states) - set(step.sources):
            with transaction.atomic(), pytest.raises(Conflict):
                perform(Actor.person(insider), stage.put(state), step.name, values, files=files)
        for role in set(stage.people) - set(step.by):
            record = stage.put(step.sources[0])
            with pytest.raises(Forbidden):
                perform(Actor.person(stage.people[role]), record, step.name, values, files=files)
            assert stage.flow.model.unguarded.get(pk=record.pk).state == step.sources[0]


@every_flow
def test_a_move_without_what_it_needs_is_refused(flow: Flow) -> None:
    stage = Stage(flow)
    for step in flow.moves.values():
        values, files = stage.values(step)
        user = stage.people[step.by[0]]
        for missing in step.needs:
            record = stage.put(step.sources[0])
            if guarded(step, record, user):
                continue
            less = {name: value for name, value in values.items() if name != missing}
            fewer = {name: count for name, count in files.items() if name != missing}
            with pytest.raises(Rejected) as refused:
                perform(Actor.person(user), record, step.name, less, files=fewer)
            assert missing in refused.value.fields, (step.name, missing)


@every_flow
def test_a_move_is_written_down_once(flow: Flow) -> None:
    stage = Stage(flow)
    made = 0
    for step in flow.moves.values():
        values, files = stage.values(step)
        for source in step.sources:
            record, user = stage.put(source), stage.people[step.by[0]]
            if guarded(step, record, user):
                continue
            before = steps_of(record).count()
            try:
                with transaction.atomic():
                    perform(Actor.person(user), record, step.name, values, files=files)
            except (Rejected, Conflict):  # a rule of the domain that made-up values do not meet
                assert steps_of(record).count() == before
                continue
            made += 1
            fresh = list(steps_of(record))[before:]  # the system may go on by itself from there
            assert [(one.move, one.target) for one in fresh if one.user == user] == [(step.name, step.target)]
            assert fresh[0].move == step.name
            action = AuditEntry.objects.filter(object_id=str(record.pk), action=f"move:{step.name}")
            assert action.filter(user=user).exists(), step.name
    assert bool(made) != (flow.code in NEEDS_ITS_DOMAIN), "can be made or not, contrary to NEEDS_ITS_DOMAIN"
