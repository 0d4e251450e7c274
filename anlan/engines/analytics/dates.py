"""What runs out: a card of the workbench with the numbers of every ledger whose rows expire."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from anlan.engines.analytics.workbench import Offer, Panel, offer
from anlan.engines.org.api import may
from anlan.engines.registry.api import STANDINGS, Ledger, dated_ledger, ledgers, rows, standing
from anlan.shell.parts import Item

MOST = 6


def ending(request: HttpRequest) -> Panel | None:
    """Expired, then expiring rows by ledger, the most first; each number opens its list."""
    found = [
        line for ledger in ledgers if _shown(ledger, request.user) for line in _lines(ledger, request.user)
    ]
    some = sorted(found, key=lambda line: (line[1] != "expired", -line[2]))
    return Panel("证照和检验到期", [_item(*line) for line in some[:MOST]]) if some else None


def _shown(ledger: Ledger, user: Any) -> bool:
    return dated_ledger(ledger.model) is ledger and may(user, ledger.permission("view"))


def _lines(ledger: Ledger, user: Any) -> list[tuple[Ledger, str, int]]:
    """How many rows the person may see stand so, counted in one query."""
    seen = rows(ledger, user).filter(ledger.watched, archived_at=None).order_by()
    conditions = {said: standing(ledger, said, user) for said in ("expired", "expiring")}
    numbers = seen.aggregate(**{said: Count("pk", filter=q) for said, q in conditions.items()})
    return [(ledger, said, number) for said, number in numbers.items() if number]


def _item(ledger: Ledger, said: str, number: int) -> Item:
    tone, words = STANDINGS[said]
    side = f"{number:,} {ledger.noun or '条'}"
    return Item(ledger.title, f"{ledger.url}?validity={said}", words, side, tone=tone)


offer(Offer("registry.dates", panels=(ending,)))
