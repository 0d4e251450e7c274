"""Storing rows of a ledger: one by one, or a chunk of new ones in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.rows import RowReader
from anlan.engines.exchange.targets import Action, Row
from anlan.engines.registry.api import Ledger, add, add_all, amend, rows

Values = dict[str, Any]


@dataclass(frozen=True)
class LedgerSaver:
    """Saves the rows of one import in the person's name."""

    actor: Actor
    ledger: Ledger
    reader: RowReader

    def one(self, row: Row) -> Action:
        """Add the row, or amend the record that has its natural key."""
        values = self.reader.read(row)
        return self._stored(values, existing(self.ledger, self.actor.user, values))

    def many(self, rows: Sequence[Row]) -> list[Action]:
        """New rows together, those that amend a record one after the other."""
        read = [self.reader.read(row) for row in rows]
        known = existing_of(self.ledger, self.actor.user, read)
        fresh = [values for values, record in zip(read, known, strict=True) if record is None]
        add_all(self.actor, self.ledger, fresh)
        return [
            "add" if record is None else self._stored(values, record)
            for values, record in zip(read, known, strict=True)
        ]

    def _stored(self, values: Values, record: Any) -> Action:
        if record is None:
            add(self.actor, self.ledger, values)
            return "add"
        before = record.version
        amended = amend(self.actor, self.ledger, record, values)
        return "same" if amended.version == before else "amend"


def existing(ledger: Ledger, user: Any, values: Values) -> Any:
    """The living record that has the natural key of the values; None without one, or without a key."""
    return existing_of(ledger, user, [values])[0]


def existing_of(ledger: Ledger, user: Any, read: Sequence[Values]) -> list[Any]:
    """The same for many rows, with one query."""
    names = ledger.key_names
    keys = [_key(ledger, values) for values in read]
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return [None] * len(read)
    near = rows(ledger, user).filter(archived_at=None)
    for name, said in zip(names, zip(*wanted, strict=True), strict=True):
        if None not in said:
            near = near.filter(**{f"{name}__in": set(said)})
        elif set(said) == {None}:
            near = near.filter(**{name: None})
    columns = [_column(ledger, name) for name in names]
    found = {tuple(getattr(record, column) for column in columns): record for record in near}
    return [found.get(key) if key is not None else None for key in keys]


def _key(ledger: Ledger, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    names = ledger.key_names
    if not names or any(name not in values and not _may_lack(ledger, name) for name in names):
        return None
    return tuple(_bare(values.get(name)) for name in names)


def _column(ledger: Ledger, name: str) -> str:
    field: Any = ledger.model._meta.get_field(name)
    return str(field.attname)


def _bare(value: Any) -> Any:
    return getattr(value, "pk", value)


def _may_lack(ledger: Ledger, name: str) -> bool:
    return bool(ledger.model._meta.get_field(name).null)
