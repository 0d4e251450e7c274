"""Sending a file made for this one request; it leaves the disk before it reaches the reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import FileResponse

from anlan.engines.files.api import KINDS, aside, room


def as_file(name: str, make: Callable[[Path], Any]) -> FileResponse:
    """Let ``make`` write the file and send it; nothing stays behind."""
    with aside() as path, room():
        make(path)
        stream = path.open("rb")  # the name goes with the block, the open file lives until it is sent
    kind = KINDS.get(name.rpartition(".")[2])
    mime = kind.mime if kind else "application/octet-stream"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=mime)
    response["Cache-Control"] = "private, no-store"
    return response
