"""Numbered lines of a Word or text document, as drafts of inspection items (D01.2)."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from anlan.engines.files.api import confined, decode, recognise
from anlan.kernel.errors import Rejected

NUMBER = re.compile(r"\s*(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4})[)）、.．]|[①-⑳])\s*(?=\D|$)")
BLOCK = re.compile(r"<(p|li|h[1-6])\b[^>]*>(.*?)</\1>", re.DOTALL)
OPENING = re.compile(r"<(ol|ul|/ol|/ul|p|li|h[1-6])\b[^>]*>|</(ol|ul)>")
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class NumberedLine:
    """``number`` is the paragraph in the document, ``text`` the line without its numbering."""

    number: int
    text: str


def read_numbered_lines(path: Path, name: str = "") -> list[NumberedLine]:
    """Lines that begin with 1. 1、 (1) 一、 ① or belong to a numbered list; Rejected where there is none."""
    kind = recognise(path, name or path.name)
    if kind.code not in {"docx", "txt"}:
        raise Rejected({"file": "请上传 .docx 或 .txt 文件；旧版 .doc 请另存为 .docx"})
    found = _of_text(decode(path.read_bytes())) if kind.code == "txt" else _of_word(path)
    if not found:
        raise Rejected({"file": "文档里没有找到带编号的条目"})
    return found


def _of_text(text: str) -> list[NumberedLine]:
    return [
        NumberedLine(number, NUMBER.sub("", line, count=1).strip())
        for number, line in enumerate(text.splitlines(), 1)
        if NUMBER.match(line) and NUMBER.sub("", line, count=1).strip()
    ]


def _of_word(path: Path) -> list[NumberedLine]:
    markup = "".join(said["html"] for said in confined("word", path))
    found = []
    for number, block in enumerate(BLOCK.finditer(markup), 1):
        text = html.unescape(TAG.sub("", block[2])).strip()
        listed = block[1] == "li"
        if text and (listed or NUMBER.match(text)):
            found.append(NumberedLine(number, NUMBER.sub("", text, count=1).strip() or text))
    return found
