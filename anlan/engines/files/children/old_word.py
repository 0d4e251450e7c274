"""Child: the text of a Word 97-2003 document, from its piece table ([MS-DOC] 2.4.1, [MS-CFB])."""

import struct
from collections.abc import Iterator
from pathlib import Path

from anlan.engines.files.children.confining import fail, run, say

END = 0xFFFFFFFE
SIGNS = {"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\xa0": " "}
FIELD, RESULT, FIELD_END = "\x13", "\x14", "\x15"


class Container:
    """The streams of a compound file; KeyError for one that is not there, ValueError for a broken chain."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        self.small = 1 << struct.unpack_from("<H", content, 32)[0]
        self.cutoff = struct.unpack_from("<I", content, 56)[0]
        self.table = self._numbers(b"".join(self._sector(n) for n in self._table_sectors()))
        directory = self._chain(struct.unpack_from("<I", content, 48)[0])
        self.entries = dict(self._entries(directory))
        first = struct.unpack_from("<I", content, 60)[0]
        self.small_table = self._numbers(self._chain(first)) if first < END else ()
        start, length = self.entries["Root Entry"]
        self.small_content = self._chain(start)[:length] if length else b""

    def _sector(self, number: int) -> bytes:
        first = (number + 1) * self.size
        if first >= len(self.content):
            raise ValueError("a sector beyond the end")
        return self.content[first : first + self.size]

    def _table_sectors(self) -> Iterator[int]:
        yield from (n for n in struct.unpack_from("<109I", self.content, 76) if n < END)
        here, left = struct.unpack_from("<II", self.content, 68)
        while here < END and left:
            *numbers, here = self._numbers(self._sector(here))
            yield from (n for n in numbers if n < END)
            left -= 1

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, here: int) -> bytes:
        parts, seen = [], set()
        while here < END:
            if here in seen or here >= len(self.table):
                raise ValueError("a broken chain")
            seen.add(here)
            parts.append(self._sector(here))
            here = self.table[here]
        return b"".join(parts)

    def _entries(self, directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        for at in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, at + 64)[0]
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            yield name, struct.unpack_from("<II", directory, at + 116)

    def stream(self, name: str) -> bytes:
        """The content of a stream."""
        start, length = self.entries[name]
        if length >= self.cutoff:
            return self._chain(start)[:length]
        parts, here, seen = [], start, set()
        while here < END:
            if here in seen:
                raise ValueError("a broken chain")
            seen.add(here)
            parts.append(self.small_content[here * self.small : (here + 1) * self.small])
            here = self.small_table[here]
        return b"".join(parts)[:length]


def text_of(container: Container) -> str:
    """The main text; what fields are computed from is left out, what they show stays."""
    main = container.stream("WordDocument")
    flags = struct.unpack_from("<H", main, 10)[0]
    if flags & 0x0100:
        fail("locked")
    table = container.stream("1Table" if flags & 0x0200 else "0Table")
    length = struct.unpack_from("<i", main, 76)[0]
    start, size = struct.unpack_from("<II", main, 418)
    return "".join(_pieces(main, table[start : start + size]))[:length]


def _pieces(main: bytes, clx: bytes) -> Iterator[str]:
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    for piece in range(count):
        place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * piece + 2)[0]
        signs = ends[piece + 1] - ends[piece]
        if place & 0x40000000:
            first = (place & 0x3FFFFFFF) // 2
            yield main[first : first + signs].decode("cp1252", "replace")
        else:
            yield main[place : place + 2 * signs].decode("utf-16-le", "replace")


def readable(text: str) -> Iterator[str]:
    """Paragraphs without the signs Word uses for its own."""
    shown: list[str] = []
    codes: list[bool] = []  # for every field that is open: whether its code, not yet its result, is read
    for sign in text:
        if sign == FIELD:
            codes.append(True)
        elif sign == RESULT and codes:
            codes[-1] = False
        elif sign == FIELD_END and codes:
            codes.pop()
        elif not any(codes):
            shown.append(SIGNS.get(sign, sign if sign >= " " or sign == "\t" else ""))
    for line in "".join(shown).split("\n"):
        if line.strip():
            yield line.strip()


def old_word(path: str) -> None:
    """Paragraph by paragraph."""
    try:
        for line in readable(text_of(Container(Path(path).read_bytes()))):
            say({"text": line})
    except (KeyError, IndexError, ValueError, struct.error, OSError, UnicodeDecodeError):
        fail("broken")


if __name__ == "__main__":
    run(old_word)
