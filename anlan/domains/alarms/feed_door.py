"""The door for records of attendance and visitors: ``POST /alarms/feed/`` (SAF.01).

Signed like the door for devices. The body is ``{"records": [{"id", "unit", "kind", "day", "at", "card", "person",
"status", "host", "purpose"}]}``; the reply says of each record whether it was ``taken``, ``known``, ``amended``,
``held`` (with the reason) or ``refused``: 200 where none was refused, else 422; 401 for a wrong key.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.domains.alarms.door import note, signed
from anlan.domains.alarms.feeding import MOST_NUMBER, facts_of, take
from anlan.domains.alarms.sources import Source
from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import public
from anlan.kernel.errors import Conflict, Rejected


@public
@csrf_exempt
@require_POST
def feed(request: HttpRequest) -> JsonResponse:
    """Take the records of one request, each on its own."""
    found = signed(request, "records")
    if isinstance(found, JsonResponse):
        return found
    source, records = found
    actor = Actor(None, source.title, request.META.get("REMOTE_ADDR", ""), "api")
    results = [_answer(actor, source, record) for record in records]
    refused = any(one["status"] == "refused" for one in results)
    return JsonResponse({"results": results}, status=422 if refused else 200)


def _answer(actor: Actor, source: Source, record: Mapping[str, Any]) -> dict[str, str]:
    found = {"id": str(record.get("id", ""))[:MOST_NUMBER]}
    try:
        outcome = take(actor, source, facts_of(record))
    except (Rejected, Conflict) as refused:
        note(actor, source, refused.message, f"{record.get('unit', '')}".strip())
        return found | {"status": "refused", "message": refused.message}
    return found | {"status": outcome.status} | ({"message": outcome.why} if outcome.why else {})
