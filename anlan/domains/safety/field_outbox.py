"""What a phone sends from its outbox: reports, rectifications, self-checks, all else declared (SAF.56, NF.218)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from anlan.base.errands import Errand, declare_errand, errands
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.judging import judge
from anlan.domains.safety.quick_afar import report_from_afar
from anlan.domains.safety.quick_sending import SLOTS
from anlan.domains.safety.special import SpecialPart
from anlan.domains.safety.special_part_registers import SpecialParts
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import in_json
from anlan.engines.forms.api import body_of
from anlan.engines.registry.api import Sent, ledgers, move_from_afar, once_from_afar
from anlan.kernel.errors import Missing, Rejected


def _quick(actor: Actor, pk: int, sent: Sent) -> str:
    report, _ = report_from_afar(actor, sent.uid, sent.values, sent.slots(SLOTS))
    return report.get_absolute_url()


def _rectify(actor: Actor, pk: int, sent: Sent) -> str:
    move = "submit" if sent.values.pop("reported_up", True) else "settle"
    return str(move_from_afar(actor, ledgers[Hazards.code], pk, move, sent).get_absolute_url())


def _self_check(actor: Actor, pk: int, sent: Sent) -> str:
    part: SpecialPart = SpecialPart.objects.visible(actor.user, "safety.special_parts.view").one(pk=pk)
    said = sent.values.pop("items", {})
    judge(actor, part, "school", {_number(item): _verdict(pair) for item, pair in _mapping(said).items()})
    return str(move_from_afar(actor, ledgers[SpecialParts.code], pk, "submit", sent).get_absolute_url())


declare_errand(Errand("quick", ("safety.quick.add",), _quick))
declare_errand(Errand("rectify", ("safety.hazards.submit", "safety.hazards.settle"), _rectify))
declare_errand(Errand("self_check", ("safety.special_parts.judge_school",), _self_check))


@require_POST
@in_json
def take_in(request: HttpRequest) -> JsonResponse:
    """``{"uid", "kind", "pk", "version", "values", "files"}``; 409 tells that somebody was first on another device."""
    said, actor = body_of(request.body), Actor.of(request, "phone")
    code = str(said.get("kind"))
    if code not in errands:
        raise Missing
    sent, pk = _sent(said), _number(said.get("pk") or 0)
    url = once_from_afar(actor, sent, lambda: errands[code].take(actor, pk, sent))
    return JsonResponse({"url": url}, headers={"Cache-Control": "no-store"})


def _sent(said: dict[str, Any]) -> Sent:
    version = said.get("version")
    try:
        files = {
            str(slot): [UUID(str(uid)) for uid in uids] for slot, uids in _mapping(said.get("files")).items()
        }
        uid = UUID(str(said.get("uid")))
    except (ValueError, TypeError):
        raise Rejected({"uid": "编号不对"}) from None
    return Sent(uid, dict(_mapping(said.get("values"))), files, version if isinstance(version, int) else None)


def _mapping(said: Any) -> dict[str, Any]:
    if said is not None and not isinstance(said, dict):
        raise Rejected({"": "内容应是一组名称和值"})
    return said or {}


def _number(said: Any) -> int:
    try:
        return int(said)
    except (ValueError, TypeError):
        raise Rejected({"pk": "编号不对"}) from None


def _verdict(pair: Any) -> tuple[str, str]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise Rejected({"items": "每项应有结论和情况"})
    return str(pair[0]), str(pair[1])[:500]
