"""Virus scanning through a ClamAV daemon (command INSTREAM), where the site has configured one."""

import socket
import struct
from pathlib import Path

import structlog

from anlan.engines.files.limits import limits
from anlan.engines.files.vault import blocks
from anlan.kernel.errors import Rejected

log = structlog.get_logger(__name__)


def scan(path: Path) -> None:
    """Rejected when the scanner finds something or does not answer; does nothing where none is configured."""
    address = limits().scanner
    if not address:
        return
    try:
        said = _ask(address, path)
    except OSError as error:
        log.error("scanner_unreachable", address=address, error=str(error))
        raise Rejected({"file": "病毒检查暂时不可用，文件没有保存，请稍后再传"}) from None
    if not said.endswith("OK"):
        log.warning("upload_infected", said=said)
        raise Rejected({"file": "病毒检查未通过，文件没有保存"})


def _connect(address: str) -> socket.socket:
    seconds = limits().scanner_seconds
    if "/" not in address:
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=seconds)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(seconds)
    connection.connect(address)
    return connection


def _ask(address: str, path: Path) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for block in blocks(path):
            connection.sendall(struct.pack("!I", len(block)) + block)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (part := connection.recv(4096)):
            answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()
