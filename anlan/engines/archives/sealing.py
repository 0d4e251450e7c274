"""What lies in the archive takes no change from people, whichever way it comes; a move may take it up again."""

from typing import Any

from django.apps import apps

from anlan.engines.archives.matters import matter_of
from anlan.engines.audit.api import Changing
from anlan.engines.files.api import Attachment
from anlan.engines.org.api import Record
from anlan.kernel import events
from anlan.kernel.errors import Conflict

# Moves of workflows and steps of tasks declare from where to where they lead; a hazard may still be made of what ended.
STEPS = ("move:", "task:", "raise")
SAID = "事项已办结归档，只能查看，不能再改"


@events.on(Changing)
def refuse(event: Changing) -> None:
    """Handler of the write path and of attachments: Conflict for a change of what has ended."""
    if event.actor.user is None or event.action.startswith(STEPS):
        return
    record: Record = _owner(event.record) if isinstance(event.record, Attachment) else event.record
    matter = matter_of(type(record))
    if matter is None or event.action in (*matter.allows, "archive"):
        return
    if matter.over(getattr(record, "state", None)):
        raise Conflict(SAID)


def _owner(paper: Attachment) -> Any:
    """The record a file belongs to."""
    return apps.get_model(paper.model)._base_manager.filter(pk=paper.object_id).first()
