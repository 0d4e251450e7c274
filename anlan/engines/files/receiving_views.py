"""Upload addresses for browsers and phones; every answer is JSON."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.files.circumstances import Circumstances
from anlan.engines.files.drafts import Upload
from anlan.engines.files.uploads import begin, discard, put, put_whole, upload_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Refusal, Rejected

PIECE = 8 * 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}$")
View = Callable[..., HttpResponseBase]


def in_json(view: View) -> View:
    """Answer refusals in JSON: ``message``, and ``fields`` for bad input."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            body = {"message": refusal.message, "fields": getattr(refusal, "fields", {})}
            return JsonResponse(body, status=refusal.status)

    answer.__doc__ = view.__doc__
    return answer


def _shown(upload: Upload, status: int = 200) -> JsonResponse:
    picture = upload.file is not None and upload.file.is_a.family == "picture"
    return JsonResponse(
        {
            "uid": str(upload.uid),
            "name": upload.name,
            "size": upload.size,
            "offset": upload.received,
            "state": upload.state,
            "thumb": f"/files/{upload.uid}/thumb" if picture else "",
        },
        status=status,
    )


@require_POST
@in_json
def start(request: HttpRequest) -> HttpResponseBase:
    """Begin a resumable upload (JSON), or take a whole file (multipart field ``file``)."""
    if request.content_type == "multipart/form-data":
        said = request.POST.dict()
        upload = request.FILES.get("file")
        if upload is None or isinstance(upload, list):
            raise Rejected({"file": "请选择文件"})
        uid = _uid(said["uid"]) if said.get("uid") else None
        return _shown(put_whole(request.user, upload, uid, _about(said)), 201)
    said = _body(request)
    name, digest = str(said.get("name", "")), str(said.get("sha256", ""))
    size: object = said.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not DIGEST.match(digest):
        raise Rejected({"file": "缺少文件大小或校验值"})
    upload_row = begin(
        request.user, _uid(said.get("uid")), name, size=size, sha256=digest, about=_about(said)
    )
    return _shown(upload_row, 201)


@require_http_methods(["GET", "PATCH", "DELETE"])
@in_json
def proceed(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """How far it is (GET), the next piece at ``Upload-Offset`` (PATCH), or away with the draft (DELETE)."""
    if request.method == "DELETE":
        discard(request.user, uid)
        return JsonResponse({"uid": str(uid), "state": "gone"})
    if request.method == "GET":
        return _shown(upload_of(request.user, uid))
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isascii() or not offset.isdigit():
        raise Rejected({"file": "缺少分段位置"})
    try:
        upload = put(request.user, uid, int(offset), _piece(request))
    except Conflict as conflict:
        reached = upload_of(request.user, uid).received
        return JsonResponse({"message": conflict.message, "offset": reached}, status=409)
    return _shown(upload, 202 if upload.state == "checking" else 200)


def _piece(request: HttpRequest) -> bytes:
    piece = request.read(PIECE + 1)
    if len(piece) > PIECE:
        raise Rejected({"file": f"每段最多 {PIECE // 1024 // 1024} MB"})
    return piece


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected({"": "请求内容不是 JSON"})
    return said


def _uid(said: object) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        raise Rejected({"uid": "文件编号不对"}) from None


def _about(said: dict[str, Any]) -> Circumstances:
    return Circumstances(
        str(said.get("caption") or "")[:200],
        _moment(said.get("taken_at")),
        _degrees(said.get("latitude"), 90),
        _degrees(said.get("longitude"), 180),
    )


def _moment(said: object) -> datetime | None:
    try:
        moment = parse_datetime(str(said)) if said else None
    except ValueError:
        raise Rejected({"taken_at": "拍摄时间不对"}) from None
    return moment.replace(tzinfo=moment.tzinfo or clock.zone()) if moment else None


def _degrees(said: object, bound: int) -> float | None:
    if said in (None, ""):
        return None
    try:
        degrees = float(str(said))
    except ValueError:
        raise Rejected({"position": "位置不对"}) from None
    if not abs(degrees) <= bound:
        raise Rejected({"position": "位置不对"})
    return degrees
