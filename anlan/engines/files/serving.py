"""Serving files: rights are asked at every request, browsers are told to guess nothing and share nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from anlan.engines.files.previewing import page_picture, preview
from anlan.engines.files.printable import MAKERS
from anlan.engines.files.readers import readable
from anlan.engines.files.shown import Shown, marked, thumb
from anlan.engines.files.vault import BLOCK
from anlan.kernel.errors import Missing
from anlan.shell.responses import render_block

PAGE = re.compile(r"page-(\d{1,4})$")
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@require_safe
def serve(request: HttpRequest, uid: UUID, variant: str) -> HttpResponseBase:
    """``/files/<uid>/<variant>``: full, download, thumb, marked, preview, page-1; 404 outside the scope."""
    shown = readable(request.user, uid, glance=variant == "thumb")
    if page := PAGE.match(variant):
        response: HttpResponseBase = _page(request, shown, int(page[1]))
    elif answer := VARIANTS.get(variant):
        response = answer(request, shown)
    else:
        raise Missing
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _disposition(shown: Shown, inline: bool) -> str:
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(shown.name)}"


def _full(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    return _file(request, shown, inline=shown.file.is_a.shown)


def _download(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    return _file(request, shown, inline=False)


def _file(request: HttpRequest, shown: Shown, inline: bool) -> HttpResponseBase:
    response = _ranged(request, shown.file.path, f'"{shown.file.sha256}"')
    response["Content-Type"] = shown.file.is_a.mime if inline else "application/octet-stream"
    response["Content-Disposition"] = _disposition(shown, inline)
    return response


def _thumb(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    _only_pictures(shown)
    webp = "image/webp" in request.headers.get("Accept", "")
    path = thumb(shown.file, webp)
    response = _ranged(request, path, f'"{path.name}"')
    response["Content-Type"] = "image/webp" if webp else "image/jpeg"
    response["Vary"] = "Accept"
    return response


def _marked(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    _only_pictures(shown)
    return HttpResponse(marked(shown.file, shown.mark), content_type="image/jpeg")


def _preview(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    uid = request.path.rsplit("/", 2)[1]
    context = {"shown": shown, "url": f"/files/{uid}", "preview": preview(shown.file)}
    if shown.file.kind in MAKERS or shown.file.kind == "pdf" or shown.file.is_a.family == "picture":
        context["paper"] = f"/prints/{uid}"
    return render_block(request, "files/preview.html", "shown", context)


def _page(request: HttpRequest, shown: Shown, number: int) -> HttpResponseBase:
    tag = f'"{shown.file.sha256}-{number}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(page_picture(shown.file, number), content_type="image/jpeg", headers={"ETag": tag})


def _only_pictures(shown: Shown) -> None:
    if shown.file.is_a.family != "picture":
        raise Missing


def _ranged(request: HttpRequest, path: Path, tag: str) -> HttpResponseBase:
    if not path.exists():
        raise Missing
    size = path.stat().st_size
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    span = _span(request, size, tag)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span
    response = StreamingHttpResponse(
        _slice(path, first, last), headers={"ETag": tag, "Accept-Ranges": "bytes"}
    )
    response["Content-Length"] = str(last - first + 1)
    if (first, last) != (0, size - 1):
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _span(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte asked for; the whole file for no or an unknown range, None for one outside it."""
    said = RANGE.match(request.headers.get("Range", ""))
    if not said or said.group() == "bytes=-" or request.headers.get("If-Range", tag) != tag:
        return 0, size - 1
    first, last = said.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None


def _slice(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as stream:
        stream.seek(first)
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block


VARIANTS: dict[str, Callable[[HttpRequest, Shown], HttpResponseBase]] = {
    "full": _full,
    "download": _download,
    "thumb": _thumb,
    "marked": _marked,
    "preview": _preview,
}
