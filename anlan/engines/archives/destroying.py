"""Destroying the content of a matter: what was said is blanked, files go, the skeleton and a digest stay (X.17).

The row keeps its key, unit, dates and state, for other rows point to it. What the audit trail says of earlier changes
goes when the trail's own time is over.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import models, transaction

from anlan.engines.archives.matters import Matter
from anlan.engines.audit.api import snapshot
from anlan.engines.files.api import Attachment, StoredFile, discard_unused
from anlan.engines.org.api import Record
from anlan.engines.workflow.api import Step, steps_of
from anlan.kernel import clock

GONE = "已销毁"
KEPT = {
    "id", "uid", "org", "version", "created_at", "updated_at", "archived_at", "state", "due_at", "flow_edition",
}  # fmt: skip
WORDS = (models.CharField, models.TextField)


def belonging(record: models.Model, path: str) -> Iterator[models.Model]:
    """What lies along relations from a record, forward or backward."""
    head, _, rest = path.partition("__")
    field: Any = record._meta.get_field(head)
    here = {"pk": getattr(record, field.attname)} if field.concrete else {field.field.name: record.pk}
    for one in field.related_model._base_manager.filter(**here).order_by("pk"):
        yield one
        if rest:
            yield from belonging(one, rest)


def whole_of(matter: Matter, record: models.Model) -> list[models.Model]:
    """The record and everything that goes with it."""
    return [record, *(part for path in matter.parts for part in belonging(record, path))]


def papers_of(record: models.Model) -> Any:
    """Every file that was ever attached."""
    rows = Attachment.unguarded.filter(model=record._meta.label_lower, object_id=record.pk)
    return rows.select_related("file").order_by("pk")


def digest_of(things: list[models.Model]) -> str:
    """SHA-256 over all values and the digests of all files: shows later what it was that was destroyed."""
    said = [
        [thing._meta.label_lower, snapshot(thing), [one.file.sha256 for one in papers_of(thing)]]
        for thing in things
    ]
    return hashlib.sha256(
        json.dumps(said, default=str, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def destroy(matter: Matter, record: Record) -> tuple[str, int]:
    """Inside the transaction of the approval: digest of what was there, and number of files taken away."""
    things = whole_of(matter, record)
    digest = digest_of(things)
    return digest, sum(_blank(thing) for thing in things)


def _blank(thing: models.Model) -> int:
    """Number of files that went."""
    if isinstance(thing, Record):
        _all(Step).filter(pk__in=steps_of(thing).values("pk")).update(values={})
    fields = [field for field in thing._meta.concrete_fields if _is_content(field)]
    values = {field.attname: _nothing(field, thing) for field in fields}
    if getattr(thing, "archived_at", values) is None:
        values["archived_at"] = clock.now()
    if values:
        _all(type(thing)).filter(pk=thing.pk).update(**values)
    return _take_files(thing)


def _take_files(thing: models.Model) -> int:
    papers = list(papers_of(thing))
    rows = _all(Attachment).filter(pk__in=[one.pk for one in papers])
    rows.update(replaced_by=None)
    rows.delete()
    for file in {one.file.pk: one.file for one in papers}.values():
        transaction.on_commit(partial(_let_go, file))
    return len(papers)


def _all(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows past every guard of the write path; nothing else comes here."""
    return models.QuerySet(model)


def _let_go(file: StoredFile) -> None:
    """The content leaves the disk once nothing points to it; what a crash leaves behind is swept by night."""
    discard_unused(file)


def _is_content(field: Any) -> bool:
    """Whether a field says something about the matter itself; choices, numbers and needed relations stay."""
    if field.primary_key or field.name in KEPT or field.unique:
        return False
    return (isinstance(field, (*WORDS, models.JSONField)) and not field.choices) or field.null


def _nothing(field: Any, thing: models.Model) -> Any:
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default()
    if any(field.name in rule.fields for rule in thing._meta.total_unique_constraints):
        return f"{GONE}{thing.pk}"[-field.max_length :] if field.max_length else f"{GONE}{thing.pk}"
    return GONE if getattr(thing, field.attname) and (field.max_length or 9) >= len(GONE) else ""
