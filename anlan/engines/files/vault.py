"""The place on disk: files by SHA-256, written aside, flushed, then renamed; a full disk stores nothing."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from anlan.kernel.errors import Refusal
from anlan.kernel.ids import new_uid

BLOCK = 1024 * 1024
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(Refusal):
    """The disk is full (507); nothing was stored, the same upload may be tried again later."""

    status = 507

    def __init__(self) -> None:
        super().__init__("服务器存储空间不足，文件没有保存；您填的内容不受影响，请稍后再传并告知管理员")


def root() -> Path:
    """Folder of everything stored."""
    return Path(settings.MEDIA_ROOT)


def path_of(digest: str, variant: str = "") -> Path:
    """Where content with this digest lies; ``variant`` names something made from it."""
    folder = root() / ("made" if variant else "kept") / digest[:2] / digest[2:4]
    return folder / (f"{digest}.{variant}" if variant else digest)


@contextmanager
def room() -> Iterator[None]:
    """Turn the operating system's "no space" into :class:`NoRoom`."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NoRoom from None
        raise


@contextmanager
def aside(suffix: str = "") -> Iterator[Path]:
    """A path for work in progress; what is still there at the end is removed."""
    folder = root() / "aside"
    with room():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{new_uid().hex}{suffix}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def write(path: Path, chunks: Iterable[bytes]) -> str:
    """Write a new file and flush it to the disk; returns its digest."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        for chunk in chunks:
            digest.update(chunk)
            write_all(descriptor, chunk)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return digest.hexdigest()


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte; ``os.write`` alone may stop half-way on a nearly full disk."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def keep(source: Path, target: Path) -> None:
    """Move a flushed file to its place; the same content being there already is fine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def blocks(path: Path) -> Iterator[bytes]:
    """The content of a file, block by block."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def digest_of(path: Path) -> str:
    """SHA-256 of the file as it lies on the disk now."""
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    return digest.hexdigest()
