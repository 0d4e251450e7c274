"""A record that enters its workflow gets its first to-dos in the same transaction."""

from anlan.engines.audit.api import Written
from anlan.engines.workflow.flowing import FlowRecord
from anlan.engines.workflow.performing import put_on_desks
from anlan.kernel import events


@events.on(Written)
def open_first_todos(event: Written) -> None:
    """Handler of creation."""
    if isinstance(event.record, FlowRecord) and event.action == "create":
        put_on_desks(event.record)
