"""Kinds of file that may come in: an allow-list by extension, held against the content (X.11, MLPS.12)."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

import puremagic

from anlan.engines.files.containers import check_ole, check_package
from anlan.engines.files.limits import limits
from anlan.kernel.errors import Rejected

Family = Literal["document", "picture", "sound", "video"]
HEAD = 8192


@dataclass(frozen=True)
class FileKind:
    """``signs`` are puremagic's names for the content; ``package``, ``stream`` what its container holds."""

    code: str
    title: str
    mime: str
    family: Family
    signs: frozenset[str] = frozenset()
    package: str = ""
    stream: str = ""

    @property
    def shown(self) -> bool:
        """Whether a browser may show it in place; everything else is only downloaded."""
        return self.family != "document" or self.code == "pdf"


def _kind(code: str, title: str, mime: str, family: Family, signs: str = "", **more: str) -> FileKind:
    return FileKind(code, title, mime, family, frozenset(signs.split()), **more)


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.code: kind
    for kind in (
        _kind("doc", "Word 文档", "application/msword", "document", stream="WordDocument"),
        _kind("xls", "Excel 表格", "application/vnd.ms-excel", "document", stream="Workbook"),
        _kind("ppt", "演示文稿", "application/vnd.ms-powerpoint", "document", stream="PowerPoint Document"),
        _kind(
            "docx",
            "Word 文档",
            _OFFICE + "wordprocessingml.document",
            "document",
            package="word/document.xml",
        ),
        _kind("xlsx", "Excel 表格", _OFFICE + "spreadsheetml.sheet", "document", package="xl/workbook.xml"),
        _kind(
            "pptx",
            "演示文稿",
            _OFFICE + "presentationml.presentation",
            "document",
            package="ppt/presentation.xml",
        ),
        _kind("pdf", "PDF 文档", "application/pdf", "document", ".pdf"),
        _kind("txt", "文本", "text/plain; charset=utf-8", "document"),
        _kind("csv", "CSV 表格", "text/csv; charset=utf-8", "document"),
        _kind("jpg", "图片", "image/jpeg", "picture", ".jpg .jpeg .jfif"),
        _kind("png", "图片", "image/png", "picture", ".png"),
        _kind("webp", "图片", "image/webp", "picture", ".webp"),
        _kind("mp3", "录音", "audio/mpeg", "sound", ".mp3 .mpga"),
        _kind("m4a", "录音", "audio/mp4", "sound", ".m4a .mp4"),
        _kind("wav", "录音", "audio/wav", "sound", ".wav"),
        _kind("amr", "录音", "audio/amr", "sound", ".amr"),
        _kind("mp4", "视频", "video/mp4", "video", ".mp4"),
        _kind("mov", "视频", "video/quicktime", "video", ".mov"),
    )
}
MADE = KINDS | {
    "zip": _kind("zip", "压缩包", "application/zip", "document"),
    "json": _kind("json", "结果文件", "application/json", "document"),
}  # ours alone; nobody uploads one
ALIASES = {"jpeg": "jpg", "jfif": "jpg"}
TEXT = {"txt", "csv"}
REFUSED = {
    "heic": "手机里的 HEIC 图片请改用“兼容性最佳”（JPG）格式拍摄或另存后再传",
    "xlsm": "带宏的表格不能上传，请另存为 .xlsx 后再传",
    "docm": "带宏的文档不能上传，请另存为 .docx 后再传",
}


def refused(text: str) -> Rejected:
    """A refusal at the field ``file``."""
    return Rejected({"file": text})


def kind_by_name(name: str) -> FileKind:
    """The kind the extension promises; Rejected for one not on the list."""
    extension = PurePath(name).suffix.lower().removeprefix(".")
    kind = KINDS.get(ALIASES.get(extension, extension))
    if kind is None:
        listed = "、".join(KINDS)
        raise refused(REFUSED.get(extension, f"不接受“.{extension or '无扩展名'}”文件；可以上传：{listed}"))
    return kind


def size_limit(kind: FileKind) -> int:
    """Largest size of this kind in bytes."""
    return int(getattr(limits(), f"{kind.family}_bytes"))


def check_size(kind: FileKind, size: int) -> None:
    """Rejected for an empty or an oversized file."""
    if size <= 0:
        raise refused("文件是空的，请检查后重新选择")
    if size > size_limit(kind):
        raise refused(f"文件超过 {size_limit(kind) // 1024 // 1024} MB，请压缩后再传")


def recognise(path: Path, name: str) -> FileKind:
    """The kind of the file at ``path``, whose content must agree with the extension of ``name``."""
    kind = kind_by_name(name)
    check_size(kind, path.stat().st_size)
    if kind.package:
        check_package(path, kind.package)
    elif kind.stream:
        check_ole(path, kind.stream)
    elif kind.code in TEXT:
        decode(path.read_bytes())
    elif not kind.signs & _signs(path):
        raise refused(f"文件内容不是{kind.title}（.{kind.code}），请不要改扩展名")
    return kind


def _signs(path: Path) -> set[str]:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def decode(content: bytes) -> str:
    """Text in UTF-8 (with or without mark) or GBK; Rejected for anything else."""
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise refused("文件不是文本，或编码不是 UTF-8、GBK")
