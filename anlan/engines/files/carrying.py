"""Carrying attachments over to a record that continues another one: the same file, a new place."""

from collections.abc import Iterable

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.attachments import Attachment
from anlan.engines.org.api import Record

KEPT = ("file", "name", "caption", "taken_at", "latitude", "longitude", "source_sha256")


def carry_over(actor: Actor, olds: Iterable[Attachment], target: Record, slot: str) -> list[Attachment]:
    """Attach the same files to ``target`` too; the originals stay where they are."""
    return [
        create(
            actor,
            Attachment(
                org=target.org,
                model=target._meta.label_lower,
                object_id=target.pk,
                slot=slot,
                **{name: getattr(old, name) for name in KEPT},
            ),
            action="carry",
        )
        for old in olds
    ]
