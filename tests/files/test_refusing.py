"""What may not come in leaves nothing behind and says why (MLPS.12, X.11)."""

import io
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import StoredFile, attach, count
from anlan.kernel.errors import Rejected
from tests.files.conftest import lying
from tests.files.making import EXE, MP4, PDF, a_docx, a_package, a_picture, an_ole, upload
from tests.sample.lamps import Maker


def a_bomb() -> bytes:
    """A picture of 50,000 by 50,000 pixels in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
HOSTILE = {
    "程序.jpg": (EXE, "不是图片"),
    "程序.pdf": (EXE, "不是PDF"),
    "程序.docx": (EXE, "损坏"),
    "程序.doc": (EXE, "损坏"),
    "程序.txt": (EXE, "不是文本"),
    "程序.mp4": (EXE, "不是视频"),
    "程序.exe": (EXE, "不接受"),
    "脚本.html": (b"<script>alert(1)</script>", "不接受"),
    "图.svg": (b"<svg onload='alert(1)'/>", "不接受"),
    "无扩展名": (PDF, "不接受"),
    "空.pdf": (b"", "空的"),
    "图片.png": (a_picture(), "不是图片"),
    "半张.jpg": (a_picture()[:400], "损坏"),
    "炸弹.png": (a_bomb(), "像素过大"),
    "炸弹.docx": (a_package({"word/document.xml": bytes(60_000_000)}), "过大"),
    "实体.docx": (a_package({"word/document.xml": XXE}), "不安全"),
    "宏.docx": (a_package({"word/document.xml": b"<d/>", "word/vbaProject.bin": b"x"}), "有宏"),
    "宏.doc": (an_ole("WordDocument", "_VBA_PROJECT"), "有宏"),
    "密码.docx": (an_ole("EncryptedPackage"), "密码"),
    "表.docx": (a_package({"xl/workbook.xml": b"<d/>"}), "损坏"),
    "表.doc": (an_ole("Workbook"), "损坏"),
    "手机.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "JPG"),
}


@pytest.mark.requirement("MLPS.12")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_plain_words(
    name: str, record: Maker, actor: Actor, shelf: Path
) -> None:
    content, why = HOSTILE[name]
    with pytest.raises(Rejected, match=why):
        attach(actor, record, upload(name, content), "evidence")
    assert lying(shelf) == []
    assert (count(record, "evidence"), StoredFile.objects.count()) == (0, 0)


@pytest.mark.requirement("MLPS.12")
def test_oversized_files_are_refused_and_the_limit_is_the_sites(
    record: Maker, actor: Actor, settings: Any, shelf: Path
) -> None:
    settings.FILES = {"document_bytes": 1024 * 1024, "pixels": 1000}
    with pytest.raises(Rejected, match="超过 1 MB"):
        attach(actor, record, upload("a.pdf", PDF + bytes(1024 * 1024)), "evidence")
    with pytest.raises(Rejected, match="像素过大"):
        attach(actor, record, upload("a.jpg", a_picture()), "evidence")
    assert lying(shelf) == []
    attach(actor, record, upload("b.pdf", PDF), "evidence")


@pytest.mark.requirement("MLPS.12")
def test_names_lose_folders_and_control_characters(record: Maker, actor: Actor) -> None:
    attachment = attach(actor, record, upload("x", PDF).__class__("..\\..\\a\u202eb\n.pdf", PDF), "evidence")
    assert attachment.name == "ab.pdf"
    long = attach(actor, record, upload("长" * 200 + ".docx", a_docx("内容")), "evidence")
    assert (len(long.name), long.name[-5:]) == (120, ".docx")


@pytest.fixture
def scanner(settings: Any, tmp_path: Path) -> Iterator[list[bytes]]:
    """A ClamAV daemon that finds EICAR; gives what it was sent."""
    seen: list[bytes] = []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd"))
    server.listen()
    threading.Thread(target=_serve, args=(server, seen), daemon=True).start()
    settings.FILES = {"scanner": str(tmp_path / "clamd"), "scanner_seconds": 5}
    yield seen
    server.close()


def _serve(server: socket.socket, seen: list[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            body = io.BytesIO()
            while size := struct.unpack("!I", stream.read(4))[0]:
                body.write(stream.read(size))
            seen.append(body.getvalue())
            found = b"EICAR" in body.getvalue()
            connection.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


def test_a_configured_scanner_sees_every_byte_and_stops_the_infected(
    scanner: list[bytes], record: Maker, actor: Actor, shelf: Path
) -> None:
    attach(actor, record, upload("a.mp4", MP4), "evidence")
    assert scanner == [MP4]
    with pytest.raises(Rejected, match="病毒检查未通过"):
        attach(actor, record, upload("b.pdf", PDF + b"EICAR"), "evidence")
    assert len(lying(shelf)) == 1


def test_a_scanner_that_does_not_answer_lets_nothing_in(
    record: Maker, actor: Actor, settings: Any, shelf: Path
) -> None:
    settings.FILES = {"scanner": "127.0.0.1:9", "scanner_seconds": 1}
    with pytest.raises(Rejected, match="暂时不可用"):
        attach(actor, record, upload("a.pdf", PDF), "evidence")
    assert lying(shelf) == []
