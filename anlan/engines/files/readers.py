"""Who may see a file: whoever may see its record. Each model brings its own answer; none means nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anlan.engines.files.attaching import attachment_by
from anlan.engines.files.attachments import Attachment
from anlan.engines.files.drafts import Upload
from anlan.engines.files.shown import Shown
from anlan.kernel import events
from anlan.kernel.errors import Missing
from anlan.kernel.registry import Registry

Reader = Callable[[Any, int], bool]
readers: Registry[Reader] = Registry("file reader")


@dataclass(frozen=True)
class Opened:
    """Event: the content of an attachment goes out to a person (small pictures of lists aside)."""

    attachment: Attachment


def register_reader(model_label: str, may_read: Reader) -> None:
    """Say who may read files of a model (``app.model`` in lower case): ``may_read(user, object_id)``."""
    readers.add(model_label.lower(), may_read)


def may_read(user: Any, attachment: Attachment) -> bool:
    """Whether the person sees the record the attachment belongs to, now."""
    return may_read_files_of(user, attachment.model, attachment.object_id)


def may_read_files_of(user: Any, model_label: str, object_id: int) -> bool:
    """Whether the person may read the files of this record, now."""
    answer = readers.get(model_label)
    return bool(answer and answer(user, object_id))


def readable(user: Any, uid: UUID, *, glance: bool = False) -> Shown:
    """What is to be served under ``uid``; Missing where there is nothing, or nothing for this person.

    ``glance``: only its small picture goes out.
    """
    draft = Upload.objects.select_related("file").filter(uid=uid, user=user, adopted=False).first()
    if draft is not None and draft.file is not None:
        return Shown(draft.file, draft.name, "")
    attachment = attachment_by(uid)
    if not may_read(user, attachment):
        raise Missing
    if not glance:
        events.publish(Opened(attachment))
    return Shown(attachment.file, attachment.name, attachment.mark())
