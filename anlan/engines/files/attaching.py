"""Verbs on attachments: attach, adopt, replace, remove, list and count."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from anlan.engines.audit.api import Actor, Changing, archive, change, create
from anlan.engines.files.attachments import Attachment
from anlan.engines.files.circumstances import PLAIN, Circumstances
from anlan.engines.files.drafts import Upload
from anlan.engines.files.limits import limits
from anlan.engines.files.receiving import Incoming, Received, receive
from anlan.engines.org.api import Record
from anlan.kernel import events, ids
from anlan.kernel.errors import Conflict, Missing, Rejected


def attach(
    actor: Actor,
    record: Record,
    upload: Incoming,
    slot: str,
    *,
    uid: UUID | None = None,
    about: Circumstances = PLAIN,
) -> Attachment:
    """Store ``upload`` with the record; the same ``uid`` again gives the attachment made the first time.

    Raises Rejected (content, size, count), Conflict (record archived, uid used elsewhere), NoRoom.
    """
    if uid is not None and (there := _already(uid, record)):
        return there
    check_open(actor, record)
    check_room(record, slot, 1)
    received = receive(upload.chunks(), upload.name or "")
    return _create(actor, _build(record, received, slot, uid or ids.new_uid(), about))


def _already(uid: UUID, record: Record) -> Attachment | None:
    there = _by_uid(uid)
    if there and (there.model, there.object_id) != (record._meta.label_lower, record.pk):
        raise Conflict("这个文件编号已经用在别的记录上")
    return there


def _by_uid(uid: UUID) -> Attachment | None:
    rows = Attachment.objects.unscoped().select_related("file", "created_by", "org")
    found: Attachment | None = rows.filter(uid=uid).first()
    return found


def check_open(actor: Actor, record: Record) -> None:
    """Conflict where the record takes no files any more."""
    if record.archived_at is not None:
        raise Conflict("记录已归档，不能再加附件")
    events.publish(Changing(actor, record, "attach"))


def check_room(record: Record, slot: str, more: int) -> None:
    """Rejected where ``more`` files would be too many."""
    if count(record, slot) + more > limits().per_slot:
        raise Rejected({"file": f"最多放 {limits().per_slot} 个文件"})


def _build(record: Record, received: Received, slot: str, uid: UUID, about: Circumstances) -> Attachment:
    return Attachment(
        uid=uid,
        org=record.org,
        model=record._meta.label_lower,
        object_id=record.pk,
        slot=slot,
        file=received.file,
        name=received.name,
        source_sha256=received.source_sha256,
        **vars(about.completed(received.shot)),
    )


def _create(actor: Actor, attachment: Attachment) -> Attachment:
    try:
        return create(actor, attachment, action="attach")
    except (Conflict, Rejected):
        there = _by_uid(attachment.uid)
        if there and (there.model, there.object_id) == (attachment.model, attachment.object_id):
            return there
        raise


@transaction.atomic
def adopt(
    actor: Actor, record: Record, slot: str, uids: Iterable[UUID | str], *, sender: Any = None
) -> list[Attachment]:
    """Turn the person's finished uploads into attachments of the record; adopting twice does no harm.

    ``sender`` is the person whose uploads they are where ``actor`` hides the name.
    """
    owner = sender or actor.user
    return [_adopt_one(actor, record, slot, uid, owner) for uid in dict.fromkeys(map(_as_uid, uids))]


def _as_uid(said: UUID | str) -> UUID:
    try:
        return said if isinstance(said, UUID) else UUID(said)
    except ValueError:
        raise Rejected({"file": "附件编号不对，请重新上传"}) from None


def _adopt_one(actor: Actor, record: Record, slot: str, uid: UUID, owner: Any) -> Attachment:
    if there := _already(uid, record):
        return there
    check_open(actor, record)
    check_room(record, slot, 1)
    draft = Upload.objects.filter(uid=uid, user=owner).select_related("file").first()
    if draft is None:
        raise Rejected({"file": "附件没有找到，请重新上传"})
    attachment = _create(actor, _build(record, draft.content(), slot, uid, draft.circumstances()))
    Upload.objects.filter(pk=draft.pk).update(adopted=True)
    return attachment


def replace(
    actor: Actor, former: Attachment, record: Record, upload: Incoming, *, uid: UUID | None = None
) -> Attachment:
    """Put a better file in place of ``former``, which stays; Conflict when it was replaced already."""
    if uid is not None and (there := _already(uid, record)):
        return there
    check_open(actor, record)
    if former.replaced_by_id is not None:
        raise Conflict("这个附件已经被替换过，请刷新后再试")
    received = receive(upload.chunks(), upload.name or "")
    with transaction.atomic():
        later = _create(
            actor,
            _build(record, received, former.slot, uid or ids.new_uid(), Circumstances(former.caption)),
        )
        change(actor, former, {"replaced_by": later}, action="replace")
    return later


def remove(actor: Actor, attachment: Attachment) -> Attachment:
    """Take an attachment off its record; it stays in the archive with its trail."""
    return archive(actor, attachment, action="detach")


def attachments_of(record: Record, slot: str | None = None, *, formers: bool = False) -> list[Attachment]:
    """Attachments in order of arrival; ``formers`` adds those replaced or taken off."""
    return attachments_of_many([record], slot, formers=formers).get(record.pk, [])


def attachments_of_many(
    records: Sequence[Record], slot: str | None = None, *, formers: bool = False
) -> dict[Any, list[Attachment]]:
    """Attachments of several records of one model by their primary key, in one query."""
    found: dict[Any, list[Attachment]] = defaultdict(list)
    if not records:
        return found
    rows = Attachment.objects.unscoped().filter(
        model=records[0]._meta.label_lower, object_id__in=[record.pk for record in records]
    )
    if slot is not None:
        rows = rows.filter(slot=slot)
    if not formers:
        rows = rows.filter(replaced_by=None, archived_at=None)
    for row in rows.select_related("file", "created_by", "org").order_by("pk"):
        found[row.object_id].append(row)
    return found


def counts(record: Record) -> dict[str, int]:
    """Number of current attachments per slot, as workflow moves want it."""
    return dict(Counter(attachment.slot for attachment in attachments_of(record)))


def count(record: Record, slot: str) -> int:
    """Number of current attachments in the slot."""
    rows = Attachment.objects.unscoped().filter(model=record._meta.label_lower, object_id=record.pk)
    return rows.filter(slot=slot, replaced_by=None, archived_at=None).count()


def attachment_by(uid: UUID) -> Attachment:
    """The attachment with this uid, whoever asks; Missing where there is none."""
    found = _by_uid(uid)
    if found is None:
        raise Missing
    return found
