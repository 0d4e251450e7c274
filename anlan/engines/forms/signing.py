"""The signature at the end of a form: who, when, how, and whether it still stands for what is there (D12.1).

It covers the answers, the form's version, the place, the picture, the person and the time by one digest; the audit
trail keeps that digest with the submission.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.http import HttpRequest

from anlan.engines.audit.api import Actor, change
from anlan.engines.files.api import Attachment, attach, attachments_of, own_signature
from anlan.engines.forms.evidence import CONFIRMED, SIGNATURE
from anlan.engines.forms.responses import Response
from anlan.engines.identity.api import CONFIRM_FIELD, give_password
from anlan.kernel import ids
from anlan.kernel.errors import Rejected
from anlan.shell.signing import NoPicture, SignatureField, has_ink

DRAWN, KEPT, PASSWORD, TICKED = "drawn", "kept", "password", "confirmed"
HOW = {DRAWN: "手写", KEPT: "已保存的签名，密码确认", PASSWORD: "密码确认", TICKED: "登录后本人确认"}
EMPTY = "签名是空的，请重新签名"
NONE = "请签名：手写，或输入登录密码"


@dataclass(frozen=True)
class Ink:
    """A signature as it came in: how, and the picture where there is one."""

    how: str = ""
    picture: bytes = b""


@dataclass(frozen=True)
class Signing:
    """A signature as a page shows it; ``faults`` say why it does not hold."""

    name: str
    at: datetime | None
    how: str
    picture: Attachment | None
    faults: tuple[str, ...]


def posted(request: HttpRequest) -> Ink:
    """What a page sent: the pad, else the password, with the kept signature where it was ticked.

    Rejected at ``signature`` for an empty drawing, a wrong password, or a kept one that is not there.
    """
    try:
        drawn = SignatureField("签名").clean(request.POST.get("signature", ""))
    except forms.ValidationError as fault:
        raise Rejected({SIGNATURE: fault.messages}) from None
    if drawn:
        return Ink(DRAWN, drawn)
    raw, kept = request.POST.get("sign_password", ""), bool(request.POST.get("kept"))
    if not raw:
        raise Rejected({SIGNATURE: "用保存的签名要输入登录密码" if kept else NONE})
    try:
        give_password(request, raw)
    except Rejected as refused:
        raise Rejected({SIGNATURE: refused.fields[CONFIRM_FIELD]}) from None
    return _released(request.user) if kept else Ink(PASSWORD)


def _released(user: Any) -> Ink:
    found = own_signature(user)
    if found is None:
        raise Rejected({SIGNATURE: "您还没有保存签名"})
    return Ink(KEPT, found.file.path.read_bytes())


def put(actor: Actor, response: Response, ink: Ink) -> str:
    """Attach the picture; what the response keeps as its signature."""
    if not ink.picture:
        return CONFIRMED if ink.how else ""
    uid = ids.new_uid()
    attach(actor, response, ContentFile(ink.picture, "签名.png"), SIGNATURE, uid=uid)
    return str(uid)


def values_of(actor: Actor, response: Response, signature: str, how: str) -> dict[str, Any]:
    """What a submission stores beside the signature; nothing for none. Rejected for an empty or another's picture."""
    if not signature:
        return {}
    picture = _picture(response, signature)
    if picture is not None and picture.created_by_id != actor.user.pk:
        raise Rejected({SIGNATURE: "这不是您本人的签名"})
    _refuse_empty(picture)
    said = TICKED if signature == CONFIRMED else DRAWN
    return {"signed_by": actor.user, "signed_name": actor.name, "signed_how": how or said}


def unsigned() -> dict[str, Any]:
    """The values of a response nobody has signed."""
    return {"signature": "", "signed_by": None, "signed_name": "", "signed_how": "", "signed_digest": ""}


def bind(actor: Actor, response: Response, content: str) -> Response:
    """Bind the signature to the answers with digest ``content``, as soon as its picture is there."""
    if not response.signature or response.signed_digest:
        return response
    picture = _picture(response, response.signature)
    if response.signature != CONFIRMED and getattr(picture, "created_by_id", None) != response.signed_by_id:
        return response
    _refuse_empty(picture)
    digest = _digest(response, content, picture)
    return change(actor, response, {"signed_digest": digest}, action="sign")


def signing_of(response: Response, content: str) -> Signing | None:
    """The signature of a response whose answers have the digest ``content`` now; None for an unsigned one."""
    if not response.signature:
        return None
    picture = _picture(response, response.signature)
    faults = tuple(_faults(response, content, picture))
    how = HOW.get(response.signed_how, "")
    return Signing(response.signed_name, response.submitted_at, how, picture, faults)


def _faults(response: Response, content: str, picture: Attachment | None) -> list[str]:
    drawn = response.signature != CONFIRMED
    if drawn and picture is None and not response.signed_digest:
        return ["签名图片还没有传上来"]
    if drawn and (picture is None or not picture.file.intact()):
        return ["签名图片缺失或被换过"]
    sound = response.form_version.intact and response.signed_digest == _digest(response, content, picture)
    return [] if sound else ["内容与签名时不一致"]


def _picture(response: Response, signature: str) -> Attachment | None:
    found = attachments_of(response, SIGNATURE)
    return next((one for one in found if str(one.uid) == signature), None)


def _refuse_empty(picture: Attachment | None) -> None:
    if picture is None:
        return
    try:
        drawn = has_ink(picture.file.path.read_bytes())
    except NoPicture:
        drawn = False
    if not drawn:
        raise Rejected({SIGNATURE: EMPTY})


def _digest(response: Response, content: str, picture: Attachment | None) -> str:
    moment = response.submitted_at.astimezone(UTC).isoformat() if response.submitted_at else ""
    said = [response.form_version.checksum, content, response.location, response.signature, moment]
    said += [response.signed_by_id, response.signed_name, response.signed_how]
    said += [picture.file.sha256 if picture else ""]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
