"""Taking a file in: size, content, virus, cleaning, its place on disk; a refusal leaves nothing behind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from anlan.engines.files.kinds import MADE, FileKind, kind_by_name, recognise, refused, size_limit
from anlan.engines.files.pictures import Shot, clean
from anlan.engines.files.scanning import scan
from anlan.engines.files.stored import StoredFile
from anlan.engines.files.vault import aside, digest_of, keep, path_of, room, write


class Incoming(Protocol):
    """What a form or a request hands over: a name and the content in pieces."""

    name: str | None

    def chunks(self) -> Iterable[bytes]:
        """The content, piece by piece."""
        ...


@dataclass(frozen=True)
class Received:
    """Content now stored; ``source_sha256`` is the digest of what was sent, before cleaning."""

    file: StoredFile
    name: str
    source_sha256: str
    shot: Shot | None = None


def receive(chunks: Iterable[bytes], name: str) -> Received:
    """Store what arrives under ``name``. Rejected for what may not come in, NoRoom on a full disk."""
    kind = kind_by_name(name)
    with aside() as path, room():
        write(path, _bounded(chunks, kind))
        return receive_path(path, name)


def receive_path(path: Path, name: str) -> Received:
    """Store a copy-free file that lies in the working folder; the path is used up."""
    kind = recognise(path, name)
    scan(path)
    source = digest_of(path)
    with room():
        if kind.family != "picture":
            return Received(_put(path, kind, source, None), tidy_name(name), source)
        with aside() as drawn:
            shot = clean(path, drawn, kind.code)
            return Received(_put(drawn, kind, digest_of(drawn), shot), tidy_name(name), source, shot)


def receive_made(path: Path, name: str) -> Received:
    """Store a file this software made in the working folder, a package too; the path is used up."""
    source = digest_of(path)
    with room():
        kind = MADE[name.rpartition(".")[2]]
        return Received(_put(path, kind, source, None), tidy_name(name), source)


def _put(path: Path, kind: FileKind, digest: str, shot: Shot | None) -> StoredFile:
    size = path.stat().st_size
    keep(path, path_of(digest))
    file, _ = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": size,
            "kind": kind.code,
            "width": shot.width if shot else None,
            "height": shot.height if shot else None,
        },
    )
    return file


def spool(upload: Incoming, path: Path) -> None:
    """Write what arrives to ``path`` without keeping it; Rejected beyond the size of its kind."""
    with room():
        write(path, _bounded(upload.chunks(), kind_by_name(upload.name or "")))


def _bounded(chunks: Iterable[bytes], kind: FileKind) -> Iterator[bytes]:
    left = size_limit(kind)
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise refused(f"文件超过 {size_limit(kind) // 1024 // 1024} MB，请压缩后再传")
        yield chunk


def tidy_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 120 characters, extension kept."""
    plain = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[: 119 - len(extension)]}{dot}{extension}"
