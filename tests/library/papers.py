"""Files made on the spot: papers of many pages with Chinese text, an old Word document, sheets old and new."""

import io
import struct

from weasyprint import HTML
from xlsxwriter import Workbook


def a_paper(*pages: str) -> bytes:
    """A PDF; each text stands on a page of its own."""
    body = "".join(f'<p style="page-break-after: always">{text}</p>' for text in pages)
    content: bytes = HTML(string=f"<html><body>{body}</body></html>").write_pdf()
    return content


def a_scan() -> bytes:
    """A PDF whose page is only a picture."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="90" height="90"/></svg>'
    content: bytes = HTML(string=f"<html><body>{picture}</body></html>").write_pdf()
    return content


def sheets(**named: list[list[str]]) -> bytes:
    """A workbook with these sheets."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in named.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def an_old_sheet(*rows: list[str]) -> bytes:
    """A .xls as Excel 97 writes one: a sheet of text cells in BIFF8."""
    cells = b"".join(
        _biff(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    sheet = _biff(0x0809, struct.pack("<HHHH", 0x0600, 0x0010, 0, 0)) + cells + _biff(0x000A, b"")
    start, name = _biff(0x0809, struct.pack("<HHHH", 0x0600, 0x0005, 0, 0)), "Sheet1"
    length = len(start) + 4 + 8 + len(name) + 4
    named = struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name.encode()
    return _container({"Workbook": start + _biff(0x0085, named) + _biff(0x000A, b"") + sheet})


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


SECTOR, FREE, END, TABLE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def an_old_word(text: str, latin: str = "") -> bytes:
    """A .doc as Word 97 writes one: a piece of UTF-16 and, for ``latin``, a piece of one byte a sign."""
    wide, narrow = text.encode("utf-16-le"), latin.encode("cp1252")
    first = 2048
    ends = [0, len(text), len(text) + len(latin)] if latin else [0, len(text)]
    pieces = [struct.pack("<HIH", 0, first, 0)]
    if latin:
        pieces.append(struct.pack("<HIH", 0, (first + len(wide)) * 2 | 0x40000000, 0))
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(pieces)
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    fib = bytearray(first)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", fib, 10, 0x0200)
    struct.pack_into("<i", fib, 76, len(text) + len(latin))
    struct.pack_into("<II", fib, 418, 0, len(clx))
    return _container({"WordDocument": bytes(fib) + wide + narrow, "1Table": clx.ljust(4096, b"\0")})


def _container(streams: dict[str, bytes]) -> bytes:
    """A compound file; every stream is made big enough to stand in sectors of its own."""
    bodies = {
        name: content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        for name, content in streams.items()
    }
    table, sectors, starts = [TABLE], [], {}
    for name, content in bodies.items():
        starts[name] = len(table)
        count = len(content) // SECTOR
        table += [len(table) + step + 1 for step in range(count - 1)] + [END]
        sectors.append(content)
    directory = len(table)
    table.append(END)
    entries = [_entry("Root Entry", 5, END, 0)] + [
        _entry(name, 2, starts[name], len(bodies[name])) for name in bodies
    ]
    head = bytearray(SECTOR)
    head[:8] = bytes.fromhex("D0CF11E0A1B11AE1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 40, 0, 1, directory, 0, 4096, END, 0, END, 0)
    struct.pack_into("<109I", head, 76, 0, *([FREE] * 108))
    numbers = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return bytes(head) + numbers + b"".join(sectors) + b"".join(entries).ljust(SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = bytearray(128)
    said = name.encode("utf-16-le")
    raw[: len(said)] = said
    struct.pack_into("<HBB", raw, 64, len(said) + 2, kind, 1)
    struct.pack_into("<III", raw, 68, FREE, FREE, FREE)
    struct.pack_into("<II", raw, 116, start, size)
    return bytes(raw)
