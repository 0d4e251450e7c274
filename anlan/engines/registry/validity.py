"""Valid, near its end, past it, or without end, as the database finds it: for lists, filters and counters."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.lead_times import Lead, by_lead, lead_days, leads_of
from anlan.engines.registry.standing import EXPIRING
from anlan.kernel import clock

PARAMETER = "validity"


def _leads(ledger: Ledger, user: Any) -> list[Lead]:
    """Lead times of the ledger, read once per request; anew where nobody asks (published figures)."""
    known: dict[str, list[Lead]] = user.__dict__.setdefault("_leads", {}) if user is not None else {}
    if ledger.code not in known:
        known[ledger.code] = leads_of(ledger)
    return known[ledger.code]


def with_leads(ledger: Ledger, rows: Any, user: Any) -> Any:
    """Rows that carry their lead time, where some differs from the standard."""
    found = _leads(ledger, user) if ledger.expires else []
    return rows if all(lead.days == EXPIRING for lead in found) else rows.annotate(lead_days=lead_days(found))


def standing(ledger: Ledger, said: str, user: Any) -> Q:
    """Rows of the ledger that stand so; nothing for an unknown word."""
    name, today = ledger.expires, clock.today()
    if said == "endless":
        return Q(**{name: None})
    if said == "expired":
        return Q(**{f"{name}__lt": today})
    near = by_lead(
        _leads(ledger, user), lambda lead: Q(**{f"{name}__lte": today + timedelta(days=lead.days)})
    )
    if said == "expiring":
        return near & Q(**{f"{name}__gte": today})
    return ~near & Q(**{f"{name}__isnull": False}) if said == "valid" else Q(pk__in=[])
