"""Packages: files of a matter in one ZIP, under names people can read on any system (S06.6)."""

import unicodedata
from pathlib import Path, PurePosixPath
from types import TracebackType
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from anlan.kernel.errors import Rejected

LONGEST = 60
UNSAFE = set('\\/:*?"<>|')
RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
PACKED = {".jpg", ".png", ".webp", ".mp4", ".mov", ".mp3", ".m4a", ".docx", ".xlsx", ".pptx", ".pdf"}


def safe_name(name: str) -> str:
    """A name for a file or folder on any system: no separators or control characters, at most 60 signs."""
    plain = "".join(
        c if c.isprintable() and c not in UNSAFE else "_" for c in unicodedata.normalize("NFC", name)
    )
    stem, dot, ending = plain.strip(" .").rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = plain.strip(" ."), "", ""
    stem = stem[: LONGEST - len(ending)].strip(" .") or "未命名"
    return f"_{stem}{dot}{ending}" if stem.lower() in RESERVED else f"{stem}{dot}{ending}"


class Package:
    """A ZIP being written at ``path``, at most ``most`` octets; each name is given once, whatever the case."""

    def __init__(self, path: Path, most: int) -> None:
        self.path, self.most, self.size = path, most, 0
        self._zip = ZipFile(path, "x", ZIP_DEFLATED)
        self._names: set[str] = set()

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def name_for(self, name: str, folder: str = "") -> str:
        """A free path for a file: the same name again gets a number."""
        plain = PurePosixPath(safe_name(name))
        place, number = folder, 1
        found = f"{place}/{plain}" if place else str(plain)
        while found.casefold() in self._names:
            number += 1
            numbered = f"{plain.stem}（{number}）{plain.suffix}"
            found = f"{place}/{numbered}" if place else numbered
        self._names.add(found.casefold())
        return found

    def add(self, name: str, content: bytes) -> None:
        """Put content under a path that :meth:`name_for` gave."""
        self._weigh(len(content))
        self._zip.writestr(name, content)

    def add_file(self, name: str, path: Path) -> None:
        """Put a file of the disk there; what is packed already is stored as it is."""
        self._weigh(path.stat().st_size)
        packed = PurePosixPath(name).suffix.lower() in PACKED
        self._zip.write(path, name, ZIP_STORED if packed else ZIP_DEFLATED)

    def _weigh(self, size: int) -> None:
        self.size += size
        if self.size > self.most:
            raise Rejected(
                {"": f"附件合计超过 {self.most // 1024 // 1024} MB，不能打成一个包，请导出 Excel 或分别下载"}
            )
