"""Sending a file that was made for one person."""

from urllib.parse import quote

from django.http import HttpResponse

from anlan.engines.files.api import KINDS


def as_download(name: str, content: bytes, mime: str = "") -> HttpResponse:
    """Content as a download nobody keeps on the way."""
    kind = KINDS.get(name.rpartition(".")[2])
    response = HttpResponse(content, content_type=mime or (kind.mime if kind else "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
