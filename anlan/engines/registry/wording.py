"""Words for the values of a field, as charts and tables print them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from anlan.engines.registry.data import datum
from anlan.engines.registry.declaring import Ledger


def titles_of(ledger: Ledger, by: str, keys: Iterable[Any]) -> dict[Any, str]:
    """Words for values of a field or of a path over relations."""
    field: Any = datum(ledger, by).field
    if by == "state" and ledger.flow:
        return {code: state.title for code, state in ledger.flow.states.items()}
    if field.is_relation:
        rows: QuerySet[Any] = field.related_model._base_manager.filter(
            pk__in=[k for k in keys if k is not None]
        )
        return {row.pk: str(row) for row in rows}
    if field.choices:
        return {code: str(title) for code, title in field.flatchoices}
    return {key: str(key) for key in keys if key not in (None, "")}
