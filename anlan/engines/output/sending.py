"""Sending a file that was made for one person."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from anlan.engines.files.api import KINDS


def as_download(name: str, content: bytes, mime: str = "") -> HttpResponse:
    """Content as a download nobody keeps on the way."""
    return HttpResponse(content, content_type=mime or _mime(name), headers=_headers(name))


def in_pieces(name: str, pieces: Iterator[bytes], size: int) -> StreamingHttpResponse:
    """The same piece by piece; ``size`` in octets lets the browser tell a broken download."""
    headers = {**_headers(name), "Content-Length": str(size)}
    return StreamingHttpResponse(pieces, content_type=_mime(name), headers=headers)


def _mime(name: str) -> str:
    kind = KINDS.get(name.rpartition(".")[2])
    return kind.mime if kind else "application/octet-stream"


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
