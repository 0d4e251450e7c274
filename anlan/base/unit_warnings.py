"""Things of a ledger with something wrong, each with the way to its page (D16.6)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anlan.base.unit_figures import Warned
from anlan.engines.org.api import OrgUnit, below
from anlan.engines.registry.api import ledgers


def warned_by(code: str, words: Mapping[str, str]) -> Callable[[Any, OrgUnit], Sequence[Warned]]:
    """What is wrong with rows of a ledger: each of its marks that holds, in words, with the way to the row."""

    def warned(user: Any, area: OrgUnit) -> Sequence[Warned]:
        ledger, found = ledgers[code], dict[int, list[str]]()
        seen: Any = ledger.model.objects.visible(user, ledger.permission("view"))
        rows = seen.filter(below((area.path,)), archived_at=None)
        for mark, said in words.items():
            for pk in rows.filter(ledger.marks[mark]()).values_list("pk", flat=True):
                found.setdefault(pk, []).append(said)
        wrong = rows.filter(pk__in=found).select_related("org").order_by("org__path", "pk")
        return [
            Warned(_named(row), str(row.org), "、".join(found[row.pk]), row.get_absolute_url())
            for row in wrong
        ]

    return warned


def _named(row: Any) -> str:
    kind = row.get_kind_display() if hasattr(row, "get_kind_display") else ""
    place = f"（{row.place}）" if getattr(row, "place", "") else ""
    return f"{kind} {row}{place}".strip()
