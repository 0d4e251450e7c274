"""What an import fills: a ledger, the item bank, anything that checks and saves rows by a natural key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.columns import Column
from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry

Action = Literal["add", "amend", "same"]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """A question asked with the file: ``options`` are pairs of value and words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""


@dataclass(frozen=True)
class Verdict:
    """What would become of a row: what is done with it, or what is wrong by column name."""

    action: Action = "add"
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """The import a row belongs to: who, for which unit, what was answered to the choices, the kept file."""

    actor: Actor
    org: OrgUnit
    choices: Mapping[str, str]
    source: UUID | None = None


class Saver(Protocol):
    """Stores checked rows through the write path, or raises a refusal."""

    def one(self, row: Row) -> Action:
        """Add or amend one row."""
        ...

    def many(self, rows: Sequence[Row]) -> list[Action]:
        """The same for many rows in few statements; a refusal, or the database's own, may leave some stored."""
        ...


class ImportTarget(Protocol):
    """``code`` names it in addresses, ``back`` is the page to return to."""

    code: str
    title: str
    back: str
    takes_documents: bool

    def permit(self, user: Any) -> None:
        """Forbidden unless the person may import here."""
        ...

    def columns(self, user: Any) -> Sequence[Column]:
        """Columns of the sheet and of the template."""
        ...

    def choices(self, user: Any) -> Sequence[Choice]:
        """Questions asked with the file."""
        ...

    def key(self, row: Row) -> tuple[str, ...]:
        """The natural key, to find a row that stands twice in the file; empty for none."""
        ...

    def line(self, text: str, context: Context) -> dict[str, str]:
        """A numbered line of a document as a row; only where ``takes_documents``."""
        ...

    def check(self, context: Context, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row; stores nothing."""
        ...

    def saver(self, context: Context) -> Saver:
        """What stores the rows."""
        ...


targets: Registry[ImportTarget] = Registry("import target")


def register_target(target: ImportTarget) -> ImportTarget:
    """Offer something that can be filled from a file."""
    return targets.add(target.code, target)
