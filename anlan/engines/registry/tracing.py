"""Who of another unit looks at a row of a traced ledger is written down (S06.5)."""

from datetime import timedelta
from typing import Any

from django.apps import apps

from anlan.engines.audit.api import Actor, AuditEntry, current_actor, log
from anlan.engines.files.api import Opened
from anlan.engines.registry.access import MASKED
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledgers_of
from anlan.kernel import clock, events

AGAIN = timedelta(minutes=15)  # the same look, page after page of a file, is one entry


def note_look(actor: Actor, ledger: Ledger, record: Any) -> None:
    """Write down that this person opened the record."""
    if ledger.traced:
        _note(actor, record, f"{record._meta.verbose_name}：{MASKED.plain(ledger.column_data[0], record)}")


def note_list(actor: Actor, ledger: Ledger, records: list[Any]) -> None:
    """Write down which rows a list gave away with all their contents."""
    theirs = [record.pk for record in records if _of_another(actor, record)]
    if ledger.traced and theirs:
        log(actor, "view", title=f"{ledger.title}（{len(theirs)} 条）", after={"rows": theirs})


@events.on(Opened)
def note_file(event: Opened) -> None:
    """Opening a file of a record is looking at it."""
    paper = event.attachment
    model: Any = apps.get_model(paper.model)
    if any(ledger.traced for ledger in ledgers_of(model)):
        _note(current_actor(), model.unguarded.get(pk=paper.object_id), f"附件：{paper.name}")


def _of_another(actor: Actor, record: Any) -> bool:
    return bool(getattr(actor.user, "unit_id", None) != record.org_id)


def _note(actor: Actor, record: Any, title: str) -> None:
    if not _of_another(actor, record):
        return
    said = {"model": record._meta.label_lower, "object_id": str(record.pk), "title": title[:200]}
    lately = AuditEntry.objects.filter(user=actor.user, action="view", at__gte=clock.now() - AGAIN, **said)
    if not lately.exists():
        log(actor, "view", record, title=title[:200])
