"""Files uploaded once and chosen again elsewhere: the same file, a further place; none in use is deleted (SAF.55)."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import F, Q, QuerySet

from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.files.attaching import check_open, check_room
from anlan.engines.files.attachments import Attachment
from anlan.engines.files.carrying import KEPT
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import events
from anlan.kernel.errors import Conflict

_stocks: list[type[Record]] = []


def declare_stock(model: type[Record]) -> None:
    """Let the files of these records be chosen for other records of the same unit."""
    _stocks.append(model)


def in_stock(unit: OrgUnit) -> QuerySet[Attachment]:
    """What a unit has uploaded and may choose from, newest first."""
    where = Q(pk__in=[])
    for model in _stocks:
        there = model.unguarded.filter(org=unit, archived_at=None).values("pk")
        where |= Q(model=model._meta.label_lower, object_id__in=there)
    rows = Attachment.objects.unscoped().filter(where, org=unit, replaced_by=None, archived_at=None)
    return rows.select_related("file").order_by("-pk")


@transaction.atomic
def choose(actor: Actor, record: Record, slot: str, chosen: Iterable[Attachment]) -> list[Attachment]:
    """Put files of the stock to the record; one that lies there already is not put twice.

    Conflict for one that was deleted meanwhile or a record that is closed, Rejected beyond the number of files.
    """
    label, made = record._meta.label_lower, []
    check_open(actor, record)
    for one in chosen:
        there = one.uses.filter(model=label, object_id=record.pk, slot=slot, archived_at=None)
        if there.exists():
            continue
        check_room(record, slot, 1)
        # Whoever deletes it at this moment finds it changed.
        kept = Attachment.unguarded.filter(pk=one.pk, replaced_by=None, archived_at=None)
        if not kept.update(version=F("version") + 1):
            raise Conflict(f"“{one.name}”刚刚被删除或替换，请重新选择")
        said = {name: getattr(one, name) for name in KEPT}
        place = {"org": record.org, "model": label, "object_id": record.pk, "slot": slot, "origin": one}
        made.append(create(actor, Attachment(**place, **said), action="choose"))
    return made


def _used_by(paper: Attachment) -> list[str]:
    """Where the file is used now, in words."""
    found = []
    for use in paper.uses.filter(archived_at=None).order_by("pk"):
        row: Any = apps.get_model(use.model).unguarded.filter(pk=use.object_id).first()
        if row is not None and row.archived_at is None:
            found.append(f"{row._meta.verbose_name}“{row}”")
    return found


@events.on(Written)
def keep_what_is_used(event: Written) -> None:
    """Handler: a file that is evidence elsewhere, and the record it was uploaded with, cannot be deleted or withdrawn;
    Conflict takes back what was written.
    """
    record: Any = event.record
    if not event.after.get("archived_at"):
        return
    papers = [record] if type(record) is Attachment else []
    if type(record) in _stocks:
        held = Attachment.objects.unscoped().filter(model=record._meta.label_lower, object_id=record.pk)
        papers = list(held.filter(archived_at=None))
    for paper in papers:
        if places := _used_by(paper):
            raise Conflict(
                f"“{paper.name}”已选作{'、'.join(dict.fromkeys(places))}的材料，不能删除；请先在那里去掉"
            )
