"""The door for devices: signed events in, each taken once or refused with a reason and logged (D02.5).

``POST /alarms/door/`` with the headers ``X-Anlan-Source``, ``X-Anlan-Time`` (seconds since 1970) and
``X-Anlan-Signature`` (:func:`sources.signature`), and a body ``{"events": [{"id", "unit", "device", "kind", "at",
"data"}]}``; ``unit`` may be left out by a source of the school itself. The reply says of each event whether it was
``taken``, ``known`` (sent before) or ``refused``: 200 where none was refused, else 422; 401 for a wrong key. In it
``answer`` is what an entrance has to do, ``commands`` what broadcast hosts have to play.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.base.device_signals import KnownDevice, Signal, SignalKind, known_device, signal_kinds
from anlan.domains.alarms.broadcasts import waiting_for
from anlan.domains.alarms.sources import Source, key_of, signature
from anlan.engines.audit.api import SYSTEM, Actor, claim, log, outcome_of
from anlan.engines.identity.api import public
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

MOST_EVENTS, MOST_BYTES, MOST_ID = 200, 256 * 1024, 80
ASKEW = timedelta(minutes=5)
OLDEST = timedelta(days=7)
MOMENT = re.compile(r"[0-9]{1,12}")


class Refused(Exception):
    """An event is not let in; the words say why."""


@public
@csrf_exempt
@require_POST
def door(request: HttpRequest) -> JsonResponse:
    """Take the events of one request, each on its own."""
    found = signed(request, "events")
    if isinstance(found, JsonResponse):
        return found
    source, events = found
    actor = Actor(None, source.title, request.META.get("REMOTE_ADDR", ""), "api")
    results = [_answer(actor, source, event) for event in events]
    refused = any(one["status"] == "refused" for one in results)
    said = {"results": results, "commands": waiting_for(source)}
    return JsonResponse(said, status=422 if refused else 200)


def signed(request: HttpRequest, name: str) -> tuple[Source, list[Mapping[str, Any]]] | JsonResponse:
    """Who signed the request, and the list called ``name`` in it; the answer to one that is not let in."""
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"message": "内容太大"}, status=413)
    source = _sender(request)
    if source is None:
        return JsonResponse({"message": "来源、时间或签名不对"}, status=401)
    listed = _listed(request.body, name)
    if listed is None:
        return JsonResponse({"message": f"内容格式不对，一次最多 {MOST_EVENTS} 条"}, status=422)
    return source, listed


def _sender(request: HttpRequest) -> Source | None:
    """The source that signed the request just now; None, and an entry in the trail, for anybody else."""
    said = {name: request.headers.get(f"X-Anlan-{name}", "") for name in ("Source", "Time", "Signature")}
    source = Source.objects.unscoped().filter(code=said["Source"][:40], archived_at=None).first()
    actor = Actor(None, said["Source"][:40] or "未知来源", request.META.get("REMOTE_ADDR", ""), "api")
    if source is None or not source.issue:
        note(actor, source, "未登记的来源", said["Source"])
    elif not hmac.compare_digest(
        signature(key_of(source), said["Time"], request.body).encode(), said["Signature"].encode()
    ):
        note(actor, source, "签名不对")
    elif (
        not MOMENT.fullmatch(said["Time"]) or abs(clock.now().timestamp() - int(said["Time"])) > ASKEW.seconds
    ):
        note(actor, source, "时间相差超过 5 分钟")
    else:
        return source
    return None


def note(actor: Actor, source: Source | None, why: str, about: str = "") -> None:
    """Keep a refusal in the trail, the same one once a minute, so that nobody fills it by knocking."""
    about = about[:80]
    with transaction.atomic():
        named = about if source is not None else actor.ip
        said = f"{source.pk if source else 0}:{why}:{named}:{clock.now():%Y%m%d%H%M}"
        if claim(SYSTEM, hashlib.sha256(f"refused:{said}".encode()).hexdigest()):
            reason = f"{why}：{about}" if about else why
            log(actor, "refused", source, succeeded=False, reason=reason, title=str(source or about))


def _listed(body: bytes, name: str) -> list[Mapping[str, Any]] | None:
    if b"\\u0000" in body:
        return None  # PostgreSQL keeps no such character
    try:
        said = json.loads(body)[name]
        json.dumps(said, ensure_ascii=False).encode()  # half a character cannot be written down
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    fine = isinstance(said, list) and all(isinstance(one, dict) for one in said)
    return said if fine and len(said) <= MOST_EVENTS else None


def _answer(actor: Actor, source: Source, event: Mapping[str, Any]) -> dict[str, str]:
    found = {"id": str(event.get("id", ""))[:MOST_ID]}
    try:
        with transaction.atomic():
            return found | _take(actor, source, event)
    except Refused as refused:
        why = str(refused)
    except (Rejected, Conflict) as refused:
        why = refused.message
    note(actor, source, why, f"{event.get('unit', '')} {event.get('device', '')}".strip())
    return found | {"status": "refused", "message": why}


def _take(actor: Actor, source: Source, event: Mapping[str, Any]) -> dict[str, str]:
    """Hand an event to its module; what became of it, or Refused for one that cannot be let in."""
    kind = signal_kinds.get(str(event.get("kind", "")))
    if kind is None:
        raise Refused("不认识的事件类型")
    device, data = _device(source, event, kind), event.get("data", {})
    name = str(event.get("id", ""))
    if kind.once and not 0 < len(name) <= MOST_ID:
        raise Refused("缺少事件编号")
    if not isinstance(data, dict):
        raise Refused("事件内容格式不对")
    key = hashlib.sha256(f"signal:{source.pk}:{name}".encode()).hexdigest()
    at = _moment(event)
    signal = Signal(actor, device, at, data, key)
    if not kind.once:
        return _said("taken", kind.take(signal))
    receipt = claim(SYSTEM, key)
    if receipt is None:
        return _said("known", outcome_of(SYSTEM, key))
    receipt.outcome = (kind.take(signal) or "")[:200]
    receipt.save(update_fields=["outcome"])
    return _said("taken", receipt.outcome)


def _said(status: str, answer: str | None) -> dict[str, str]:
    return {"status": status} | ({"answer": answer} if answer else {})


def _device(source: Source, event: Mapping[str, Any], kind: SignalKind) -> KnownDevice:
    unit = next(_units(source, str(event.get("unit", ""))), None)
    device = known_device(unit, str(event.get("device", ""))) if unit else None
    if device is None:
        raise Refused("未登记的设备")
    if kind.families and device.family not in kind.families:
        raise Refused("这类设备不报送这种事件")
    if not device.in_use:
        raise Refused("设备已退出使用")
    return device


def _units(source: Source, code: str) -> Iterator[OrgUnit]:
    """The unit named, or the source's own; never one that the source does not stand above."""
    rows = OrgUnit.objects.filter(path__startswith=source.org.path, closed_on=None)
    yield from rows.filter(code=code) if code else rows.filter(pk=source.org_id)


def _moment(event: Mapping[str, Any]) -> datetime:
    """When it happened, by the device; now where it does not say."""
    said = event.get("at")
    if said is None:
        return clock.now()
    try:
        at = parse_datetime(str(said))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refused("事件时间格式不对，要带时区")
    if not clock.now() - OLDEST <= at <= clock.now() + ASKEW:
        raise Refused("事件时间在将来，或早于 7 天前")
    return min(at, clock.now())
