"""What Office containers hold: the right document, no macros, no password, no bomb."""

import mmap
import zipfile
from pathlib import Path

from anlan.engines.files.limits import limits
from anlan.kernel.errors import Rejected

OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
MEMBERS = 20_000
LOCKED = "文件设了打开密码，请去掉密码后再传"
MACROS = "文件里有宏，请另存为不带宏的格式后再传"
BROKEN = "文件已损坏或不是这种格式，请重新保存后再传"
UNSAFE = "文件内容不安全，未保存"


def _refuse(text: str) -> Rejected:
    return Rejected({"file": text})


def check_package(path: Path, part: str) -> None:
    """Rejected unless ``path`` is an Office Open XML package around ``part`` that is safe to unpack."""
    if starts_as_ole(path):
        raise _refuse(LOCKED if _holds(path, "EncryptedPackage") else BROKEN)
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            _check_weight(members, path.stat().st_size)
            _check_parts({member.filename for member in members}, part)
            _check_declarations(package, members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise _refuse(BROKEN) from None


def _check_weight(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    bounds = limits()
    dense = unpacked > 20 * 1024 * 1024 and unpacked > size * bounds.unpacked_ratio
    if len(members) > MEMBERS or unpacked > bounds.unpacked_bytes or dense:
        raise _refuse("文件解开后过大，未保存")


def _check_parts(names: set[str], part: str) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(MACROS)
    if "[Content_Types].xml" not in names or part not in names:
        raise _refuse(BROKEN)


def _check_declarations(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with package.open(member) as stream:
                head = stream.read(2048)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or head.startswith((b"\xfe\xff", b"\xff\xfe")):
                raise _refuse(UNSAFE)


def check_ole(path: Path, stream: str) -> None:
    """Rejected unless ``path`` is an OLE file with the stream of its kind, without macros."""
    if not starts_as_ole(path):
        raise _refuse(BROKEN)
    if _holds(path, "EncryptedPackage"):
        raise _refuse(LOCKED)
    if _holds(path, "_VBA_PROJECT"):
        raise _refuse(MACROS)
    if not _holds(path, stream):
        raise _refuse(BROKEN)


def starts_as_ole(path: Path) -> bool:
    """Whether the file is an OLE compound file (old Office formats, and anything with a password)."""
    with path.open("rb") as opened:
        return opened.read(8) == OLE_MAGIC


def _holds(path: Path, name: str) -> bool:
    # The directory of an OLE file may lie anywhere in it, so the name is looked for in the whole file.
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(name.encode("utf-16-le")) >= 0
