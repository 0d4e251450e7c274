"""Carrying attachments over to a record that continues another one: the same file, a new place."""

from collections.abc import Mapping

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.attaching import attachments_of
from anlan.engines.files.attachments import Attachment
from anlan.engines.org.api import Record

KEPT = ("file", "name", "caption", "taken_at", "latitude", "longitude", "source_sha256")


def carry_over(actor: Actor, source: Record, target: Record, slots: Mapping[str, str]) -> list[Attachment]:
    """Attach the files of ``source`` to ``target`` too; ``slots`` maps old slot to new."""
    return [
        create(
            actor,
            Attachment(
                org=target.org,
                model=target._meta.label_lower,
                object_id=target.pk,
                slot=slots[old.slot],
                **{name: getattr(old, name) for name in KEPT},
            ),
            action="carry",
        )
        for old in attachments_of(source)
        if old.slot in slots
    ]
