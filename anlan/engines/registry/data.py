"""Data of a record as a ledger shows them: model fields, paths over relations, and computed columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from anlan.kernel import clock

Method = TypeVar("Method", bound=Callable[..., Any])
KINDS = ("text", "meta", "number", "money", "date", "moment", "chip", "risk", "due", "yes")


class Subject(Protocol):
    """What a datum is read from: a ledger's model, its masks and its own titles."""

    model: ClassVar[Any]
    masked: ClassVar[Any]
    words: ClassVar[Any]


@dataclass(frozen=True)
class Computed:
    """What :func:`computed` says about a method of a ledger."""

    title: str
    kind: str
    needs: tuple[str, ...]
    sort: str
    right: str = ""


@dataclass(frozen=True)
class Datum:
    """One datum: its words, how it looks (``kind``), how it is read, what is joined, how it is masked."""

    name: str
    title: str
    kind: str
    read: Callable[[Any], Any]
    needs: tuple[str, ...] = ()
    sort: str = ""
    mask: str = ""
    field: Any = None
    right: str = ""

    def plain(self, row: Any) -> Any:
        """The value as files and the API carry it: words of a choice or a relation, else the bare value."""
        value = self.read(row)
        if self.kind == "chip":
            return value[1] if value else ""
        if isinstance(value, models.Model):
            return str(value)
        return value


def computed(
    title: str, kind: str = "text", needs: str = "", sort: str = "", right: str = ""
) -> Callable[[Method], Method]:
    """Decorator: a method ``(self, row)`` of a ledger is a column; ``needs`` are relations to join, as words.

    ``right``: without this right the column is absent, for whom it does not hold over all rows seen.
    Kinds: text, meta, number, money, date, moment, yes, risk, chip (returns tone and word), due (a deadline).
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of column {kind!r}")

    def mark(method: Method) -> Method:
        method.computed = Computed(title, kind, tuple(needs.split()), sort, right)  # type: ignore[attr-defined]
        return method

    return mark


def datum(ledger: Subject, name: str) -> Datum:
    """The datum called ``name``; FieldDoesNotExist where neither ledger nor model knows it."""
    method = getattr(type(ledger), name, None)
    said: Computed | None = getattr(method, "computed", None)
    mask = ledger.masked.get(name, "")
    if said is not None:
        return Datum(
            name, said.title, said.kind, getattr(ledger, name), said.needs, said.sort, mask, right=said.right
        )
    fields = path(ledger.model, name)
    last = fields[-1]
    needs = tuple(
        "__".join(name.split("__")[: step + 1])
        for step, field in enumerate(fields)
        if field.is_relation and not field.many_to_many
    )
    sort = "" if last.many_to_many else name
    title = ledger.words.get(name) or title_of(fields)
    return Datum(name, title, kind_of(last), _reader(fields), needs, sort, mask, last)


def path(model: type[models.Model], name: str) -> list[Any]:
    """The fields along ``a__b__c``; FieldDoesNotExist for a step that is none."""
    fields: list[Any] = []
    here: Any = model
    for step in name.split("__"):
        if here is None:
            raise FieldDoesNotExist(name)
        field = here._meta.get_field(step)
        fields.append(field)
        here = field.related_model if field.is_relation else None
    return fields


def title_of(fields: list[Any]) -> str:
    """Words of a path: those of its last field, led by the relation where it is not the record's own."""
    return "".join(str(field.verbose_name) for field in fields)


def _of_a_flow(field: Any) -> bool:
    """Whether the field is the state of a record under a workflow."""
    return field.name == "state" and hasattr(field.model, "state_shown")


def kind_of(field: Any) -> str:
    """How a model field looks in a list."""
    if _of_a_flow(field):
        return "chip"
    if field.name == "due_at":
        return "due"
    if field.choices or field.is_relation:
        return "text"
    for kind, name in _KINDS_OF:
        if isinstance(field, kind):
            return name
    return "text"


_KINDS_OF: tuple[tuple[type[Any], str], ...] = (
    (models.BooleanField, "yes"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.IntegerField, "number"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
)


def _reader(fields: list[Any]) -> Callable[[Any], Any]:
    names, last = [field.name for field in fields[:-1]], fields[-1]
    show = _shower(last)

    def read(row: Any) -> Any:
        for name in names:
            row = getattr(row, name)
            if row is None:
                return None
        return show(row)

    return read


def _shower(field: Any) -> Callable[[Any], Any]:
    """How the value of a field is read from the row that has it."""
    if _of_a_flow(field):
        return lambda row: (row.state_shown.tone, row.state_shown.title)
    if field.many_to_many:
        return lambda row: "、".join(str(item) for item in getattr(row, field.name).all())
    if field.choices:
        return lambda row: getattr(row, f"get_{field.name}_display")()
    if isinstance(field, models.TimeField):
        return lambda row: f"{at:%H:%M}" if (at := getattr(row, field.name)) else None
    return lambda row: getattr(row, field.name)


def is_over(row: Any) -> bool:
    """Whether a record's deadline no longer matters."""
    return not getattr(row, "open", True)


def overdue_condition(now: Any = None) -> models.Q:
    """Rows under a workflow past their deadline; ended ones have none."""
    return models.Q(due_at__lt=now or clock.now(), archived_at=None)
