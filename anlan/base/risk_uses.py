"""Which modules name the common kinds of risk: for the table of kinds by modules, and before one is deleted (X.16)."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef
from django.http import QueryDict

from anlan.engines.forms.api import Item, find_items
from anlan.engines.registry.api import Listing, RiskCategory, ledgers
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class RiskUse(ABC):
    """A module with its word in the table; ``title`` says what is counted."""

    code: str
    title: str

    @property
    @abstractmethod
    def right(self) -> str:
        """The right that opens the list."""

    @abstractmethod
    def numbers(self, user: Any) -> dict[str, int]:
        """How many rows the person's list shows of each kind, by its code."""

    @abstractmethod
    def url(self, kinds: Sequence[RiskCategory]) -> str:
        """The list of one kind, whichever unit laid it down."""


@dataclass(frozen=True)
class LedgerUse(RiskUse):
    """Rows of a ledger that it filters ``by`` the kind, of those listed at ``query``."""

    ledger: str
    by: str = "category"
    query: str = ""

    @property
    def right(self) -> str:
        """The ledger's."""
        return f"{self.ledger}.view"

    def numbers(self, user: Any) -> dict[str, int]:
        """Counted over the list itself."""
        rows = Listing(ledgers[self.ledger], user, QueryDict(self.query)).found.order_by()
        return _counted(rows, f"{self.by}__code")

    def url(self, kinds: Sequence[RiskCategory]) -> str:
        """The list with its filter set."""
        said = urlencode([(self.by, kind.pk) for kind in kinds])
        return f"{ledgers[self.ledger].url}?{'&'.join(part for part in (self.query, said) if part)}"


@dataclass(frozen=True)
class BankUse(RiskUse):
    """Items of the bank, which name a kind by its code."""

    right = "forms.items.view"

    def numbers(self, user: Any) -> dict[str, int]:
        """Items in use."""
        return _counted(find_items(user).order_by(), "hazard_category")

    def url(self, kinds: Sequence[RiskCategory]) -> str:
        """The bank with its filter set."""
        return f"/forms/items/?{urlencode({'hazard_category': kinds[0].code})}"


def _counted(rows: Any, by: str) -> dict[str, int]:
    counted = rows.values(by).annotate(n=Count("pk", distinct=True))
    return {row[by]: row["n"] for row in counted if row[by]}


risk_uses: Registry[RiskUse] = Registry("module that names kinds of risk")


def declare_risk_use(use: RiskUse) -> RiskUse:
    """Let a module's records be counted by kind."""
    return risk_uses.add(use.code, use)


def with_uses(rows: Any) -> Any:
    """Kinds with one mark for each sort of record that names them, read with the rows themselves."""
    return rows.annotate(**{mark: named for mark, _, named in _references()})


def where_used(kind: RiskCategory) -> str:
    """What names the kind, in words; empty where nothing does. Archived records count: they stay readable."""
    references = list(_references())
    marked = hasattr(kind, references[0][0])
    row = kind if marked else with_uses(RiskCategory.unguarded.filter(pk=kind.pk)).get()
    return "、".join(dict.fromkeys(title for mark, title, _ in references if getattr(row, mark)))


def _references() -> Iterator[tuple[str, str, Exists]]:
    """Mark, words and test of everything that names a kind: by key, found in the models; by code, the bank."""
    items = Item._base_manager.filter(
        hazard_category=OuterRef("code"), org__path__startswith=OuterRef("org__path")
    )
    yield "named_by_items", str(Item._meta.verbose_name), Exists(items)
    keys: Any = RiskCategory._meta.get_fields(include_hidden=True)
    for key in keys:
        if key.auto_created and key.one_to_many:
            model, name = key.related_model, key.field.name
            rows = model._base_manager.filter(**{name: OuterRef("pk")})
            yield f"named_by_{model._meta.db_table}_{name}", str(model._meta.verbose_name), Exists(rows)


declare_risk_use(BankUse("items", "检查内容"))
