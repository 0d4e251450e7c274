"""Which rows, units and options a person has under a ledger's rights; every page, file and API asks here."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from anlan.engines.org.api import OrgUnit, Record, below, may, require, scope
from anlan.engines.registry.data import Datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledger_of
from anlan.engines.registry.masking import masked
from anlan.engines.registry.validity import with_leads
from anlan.kernel.errors import Forbidden

CHANGING = ("add", "edit", "archive")


def rows(ledger: Ledger, user: Any, verb: str = "view") -> Any:
    """Rows the person may ``verb``, with what their columns need joined; Forbidden without the right."""
    found = ledger.model.objects.visible(user, ledger.permission(verb))
    found = with_leads(ledger, ledger.refine(found), user)
    return found.select_related(*ledger.needs).prefetch_related(*ledger.lists)


def one(ledger: Ledger, user: Any, pk: int, verb: str = "view") -> Any:
    """The record; Missing outside what the person may view, Forbidden where only the right is lacking."""
    record = rows(ledger, user).one(pk=pk)
    if verb != "view" and not can(ledger, user, record, verb):
        raise Forbidden(ledger.permission(verb))
    return record


def can(ledger: Ledger, user: Any, record: Record, verb: str) -> bool:
    """Whether the person may ``verb`` exactly this record."""
    found = scope(user, ledger.permission(verb))
    if ledger.at_home and verb in CHANGING:
        return found.at(record.org.path)
    if found.covers(record.org.path):
        return True
    owner = ledger.model.OWNER
    owns = bool(owner) and getattr(record, f"{owner}_id") == user.pk
    return owns and any(record.org.path.startswith(path) for path in found.own_paths)


def units(ledger: Ledger, user: Any, verb: str) -> Any:
    """Units for which the person may ``verb``; closed ones take no new rows."""
    found = require(user, ledger.permission(verb))
    prefixes = found.paths + found.own_paths
    there = models.Q(path__in=prefixes) if ledger.at_home and verb in CHANGING else _under(prefixes)
    return OrgUnit.objects.filter(there, closed_on=None)


def _under(prefixes: tuple[str, ...]) -> models.Q:
    condition = models.Q(pk__in=[])
    for prefix in prefixes:
        condition |= models.Q(path__startswith=prefix)
    return condition


def options(ledger: Ledger, user: Any, field: Any, verb: str) -> Any:
    """What the person may choose for a relation: units and people of the scope, records they may see.

    ``limit_choices_to`` of the field and ``choices`` of the ledger narrow it further.
    """
    limits: Any = getattr(field, "get_limit_choices_to", dict)()
    found = _reachable(ledger, user, field, verb).complex_filter(limits)
    rule = ledger.choices.get(field.name) if field.model is ledger.model else None
    if rule is None:
        return found
    return found.filter(rule) if isinstance(rule, models.Q) else rule(found, user)


def _reachable(ledger: Ledger, user: Any, field: Any, verb: str) -> Any:
    related = field.related_model
    if field.name == "org":
        return units(ledger, user, verb)
    if issubclass(related, OrgUnit):
        return units(ledger, user, verb)
    if issubclass(related, Record):
        return _records(ledger, user, related, verb)
    if hasattr(related, "USERNAME_FIELD"):
        # A step may name a person although the one who takes it may not edit the record.
        found = scope(user, ledger.permission(verb)) or scope(user, ledger.permission("view"))
        condition = below(found.paths + found.own_paths, "unit") | models.Q(pk=user.pk)
        return related.objects.filter(condition, is_active=True)
    return related._default_manager.all()


def _records(ledger: Ledger, user: Any, related: type[Record], verb: str) -> Any:
    other = ledger_of(related)
    if other is not None and may(user, other.permission("view")):
        return rows(other, user).filter(archived_at=None)
    return related.objects.visible(user, ledger.permission(verb)).filter(archived_at=None)


def closed_columns(ledger: Ledger, user: Any, data: list[Datum] | None = None) -> frozenset[str]:
    """Columns (or ``data``) absent for this person: their right does not hold over all the rows the person sees."""
    asked = [item for item in (ledger.column_data if data is None else data) if item.right]
    if not asked:
        return frozenset()
    seen = scope(user, ledger.permission("view"))
    places = seen.paths + seen.own_paths
    return frozenset(item.name for item in asked if not all(map(scope(user, item.right).covers, places)))


@dataclass(frozen=True)
class Eyes:
    """How a person sees the values of a ledger: masked, unless ``clear`` was granted and written down."""

    clear: bool = False

    def read(self, item: Datum, row: Any) -> Any:
        """The value for a page."""
        value = item.read(row)
        return masked(item.mask, value) if item.mask and not self.clear else value

    def plain(self, item: Datum, row: Any) -> Any:
        """The value for a file or the API."""
        value = item.plain(row)
        return masked(item.mask, value) if item.mask and not self.clear else value


MASKED = Eyes()
CLEAR = Eyes(clear=True)


def may_unmask(ledger: Ledger, user: Any, record: Record) -> bool:
    """Whether the person may see this record's personal values in full; the act itself is written down."""
    return bool(ledger.masked) and can(ledger, user, record, "unmask")
