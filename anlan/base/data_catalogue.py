"""The data catalogue: every data item with its one source, its owners and its users (ARCH.05).

It is read from the ledgers, so it cannot differ from what the software does: the ledger that maintains a model is
the source of its items, a field named in ``source`` belongs to an outside system, and whoever shows a record of
another module by reference is its user. The registry refuses a second maintaining ledger for a model, and the
write path refuses values for fields an outside system maintains.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from anlan.engines.org.api import declared_roles
from anlan.engines.registry.api import Ledger, ledgers


@dataclass(frozen=True)
class DataItem:
    """One item: code ``app.model.field``, words, source, who keeps it, which modules use it by reference."""

    code: str
    title: str
    subject: str
    source: str
    owners: tuple[str, ...]
    users: tuple[str, ...]


def catalogue() -> list[DataItem]:
    """Every item, by module and subject."""
    users = _users()
    return [item for ledger in ledgers if not ledger.readonly for item in _items(ledger, users)]


def _items(ledger: Ledger, users: dict[type, set[str]]) -> Iterator[DataItem]:
    meta: Any = ledger.model._meta
    owners = tuple(_role_titles(ledger.roles.get("edit", ())))
    outside = dict(ledger.source)
    for name in dict.fromkeys([*ledger.form_names, *outside]):
        yield DataItem(
            f"{meta.label_lower}.{name}",
            str(meta.get_field(name).verbose_name),
            ledger.title,
            outside.get(name, str(apps.get_app_config(meta.app_label).verbose_name)),
            owners,
            tuple(sorted(users[ledger.model])),
        )


def _role_titles(said: Any) -> Iterator[str]:
    for code in said.split() if isinstance(said, str) else said:
        yield declared_roles[code].title


def _users() -> dict[type, set[str]]:
    """Titles of ledgers by the model their records refer to."""
    found: dict[type, set[str]] = defaultdict(set)
    for ledger in ledgers:
        for field in ledger.model._meta.get_fields():
            related = field.related_model
            if field.is_relation and not field.auto_created and isinstance(related, type):
                found[related].add(ledger.title)
    return found
