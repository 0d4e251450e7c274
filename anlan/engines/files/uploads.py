"""Resumable uploads: begin, put pieces, finish; any request may come twenty times (NF.218, D11.9)."""

import os
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.engines.files.circumstances import PLAIN, Circumstances
from anlan.engines.files.drafts import Upload
from anlan.engines.files.kinds import check_size, kind_by_name, refused
from anlan.engines.files.limits import limits
from anlan.engines.files.receiving import Incoming, Received, receive, receive_path, tidy_name
from anlan.engines.files.stored import sweep
from anlan.engines.files.vault import aside, blocks, room, root, write, write_all
from anlan.kernel import clock, ids
from anlan.kernel.errors import Conflict, Missing, Rejected

CHECKING_SECONDS = 60
KEEP_ADOPTED_DAYS = 30


def begin(user: Any, uid: UUID, name: str, *, size: int, sha256: str, about: Circumstances = PLAIN) -> Upload:
    """Announce a file; the same announcement again answers how far it has come.

    Rejected for a name or size that may not come in, or too many drafts; Conflict when the uid names another
    file.
    """
    check_size(kind_by_name(name), size)
    if not Upload.objects.filter(uid=uid).exists():
        _check_drafts(user)
    upload, fresh = Upload.objects.get_or_create(
        uid=uid,
        defaults={"user": user, "name": tidy_name(name), "size": size, "sha256": sha256, **vars(about)},
    )
    if (upload.user_id, upload.size, upload.sha256) != (user.pk, size, sha256):
        raise Conflict("这个文件编号已经用在别的文件上")
    if fresh:
        _open_part(upload)
    return upload


def _check_drafts(user: Any) -> None:
    if Upload.objects.filter(user=user, adopted=False, refusal="").count() >= limits().drafts_per_person:
        raise refused("还没用到的上传太多，请先保存表单或稍后再传")


def _open_part(upload: Upload) -> None:
    with room():
        upload.part.parent.mkdir(parents=True, exist_ok=True)
        upload.part.touch(mode=0o640)


def upload_of(user: Any, uid: UUID) -> Upload:
    """The person's own upload; Missing for anybody else's."""
    upload = Upload.objects.select_related("file").filter(uid=uid, user=user).first()
    if upload is None:
        raise Missing
    return upload


def put(user: Any, uid: UUID, offset: int, piece: bytes) -> Upload:
    """Add ``piece`` at ``offset``; bytes there are skipped, a gap is a Conflict, the last finishes."""
    upload = upload_of(user, uid)
    if upload.refusal:
        raise refused(upload.refusal)
    if upload.file_id is None and upload.received < upload.size:
        _add(upload, offset, piece)
    elif upload.state == "checking" and clock.now() - upload.touched_at > timedelta(seconds=CHECKING_SECONDS):
        _finish(upload)
    return upload


def _add(upload: Upload, offset: int, piece: bytes) -> None:
    if offset < 0 or offset + len(piece) > upload.size:
        raise refused("分段超出文件大小")
    if offset > upload.received:
        raise Conflict("前面的部分还没收到")
    piece = piece[upload.received - offset :]
    if not piece:
        return
    _write_at(upload, piece)
    reached = upload.received + len(piece)
    mine = Upload.objects.filter(pk=upload.pk, received=upload.received, file=None)
    if not mine.update(received=reached, touched_at=clock.now()):
        upload.refresh_from_db()
        return
    upload.received = reached
    if reached == upload.size:
        _finish(upload)


def _write_at(upload: Upload, piece: bytes) -> None:
    # Never created here: a late repeat must not bring back the part file of a finished upload.
    try:
        descriptor = os.open(upload.part, os.O_WRONLY)
    except FileNotFoundError:
        _restart(upload)
        raise Conflict("已收到的部分丢失，请从头再传") from None
    try:
        with room():
            os.lseek(descriptor, upload.received, os.SEEK_SET)
            write_all(descriptor, piece)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restart(upload: Upload) -> None:
    if Upload.objects.filter(pk=upload.pk, file=None).update(received=0, touched_at=clock.now()):
        upload.received = 0
        _open_part(upload)
    else:
        upload.refresh_from_db()


def _finish(upload: Upload) -> None:
    with aside() as path, room():
        if write(path, blocks(upload.part)) != upload.sha256:
            _restart(upload)
            raise refused("文件在传输中损坏，请从头再传")
        try:
            received = receive_path(path, upload.name)
        except Rejected as refusal:
            _refuse(upload, refusal)
            raise
    _settle(upload, received)


def _refuse(upload: Upload, refusal: Rejected) -> None:
    Upload.objects.filter(pk=upload.pk).update(refusal=refusal.message[:200])
    upload.part.unlink(missing_ok=True)


def _settle(upload: Upload, received: Received) -> None:
    Upload.objects.filter(pk=upload.pk, file=None).update(
        file=received.file, touched_at=clock.now(), **vars(upload.circumstances().completed(received.shot))
    )
    upload.refresh_from_db()
    upload.part.unlink(missing_ok=True)


def put_whole(user: Any, upload: Incoming, uid: UUID | None = None, about: Circumstances = PLAIN) -> Upload:
    """A draft sent in one request; the same ``uid`` again gives the first one."""
    if uid is not None and (there := Upload.objects.filter(uid=uid).select_related("file").first()):
        if there.user_id != user.pk:
            raise Conflict("这个文件编号已经用在别的文件上")
        return there
    _check_drafts(user)
    received = receive(upload.chunks(), upload.name or "")
    size = received.file.size
    draft, _ = Upload.objects.get_or_create(
        uid=uid or ids.new_uid(),
        defaults={
            "user": user,
            "name": received.name,
            "size": size,
            "received": size,
            "sha256": received.source_sha256,
            "file": received.file,
            **vars(about.completed(received.shot)),
        },
    )
    return draft


def discard(user: Any, uid: UUID) -> None:
    """Throw the person's draft away; Conflict once a record has adopted it."""
    upload = upload_of(user, uid)
    if upload.adopted:
        raise Conflict("文件已经随记录保存，请在记录里移除")
    upload.part.unlink(missing_ok=True)
    upload.delete()


def clean_drafts() -> int:
    """Daily: forget drafts nobody adopted, receipts of adopted ones, and content nothing points to."""
    now = clock.now()
    late = Q(adopted=False, started_at__lt=now - timedelta(days=limits().draft_days))
    done = Q(adopted=True, started_at__lt=now - timedelta(days=KEEP_ADOPTED_DAYS))
    gone = 0
    for upload in Upload.objects.filter(late | done).iterator():
        upload.part.unlink(missing_ok=True)
        upload.delete()
        gone += 1
    for path in (root() / "aside").glob("*"):
        if now.timestamp() - path.stat().st_mtime > 86_400:
            path.unlink(missing_ok=True)
    sweep()
    return gone
