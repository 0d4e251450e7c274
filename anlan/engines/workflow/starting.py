"""A record that enters its workflow gets its first to-dos in the same transaction."""

from anlan.engines.audit.api import Written
from anlan.engines.workflow.flowing import FlowRecord
from anlan.engines.workflow.performing import renew_todos
from anlan.kernel import events


@events.on(Written)
def open_first_todos(event: Written) -> None:
    """Handler of creation; archived records leave every desk."""
    if isinstance(event.record, FlowRecord) and event.action == "create":
        renew_todos(event.record, event.actor.user)
