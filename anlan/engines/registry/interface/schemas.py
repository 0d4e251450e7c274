"""What requests and answers look like, for the OpenAPI document; judged again by the forms."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from ninja import Schema
from pydantic import Field, create_model

from anlan.engines.registry.data import datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.interface.values import names_of

TYPES: tuple[tuple[type[Any], Any], ...] = (
    (models.BooleanField, bool),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.IntegerField, int),
    (models.DecimalField, Decimal),
    (models.FloatField, float),
)


class ChangeIn(Schema):
    """A change: only the named values, and the version they were based on."""

    version: int | None = None
    values: dict[str, Any]


class MoveIn(Schema):
    """A move: what it asks for, uids of finished uploads per file slot, the version looked at."""

    version: int | None = None
    values: dict[str, Any] = {}
    files: dict[str, list[UUID]] = {}


def _type(field: Any) -> Any:
    if field.many_to_many:
        return list[int]
    if field.is_relation:
        return _type(field.target_field)
    return next((kind for model_kind, kind in TYPES if isinstance(field, model_kind)), str)


def _stem(ledger: Ledger) -> str:
    return ledger.code.replace(".", "_").title().replace("_", "")


def values_of(ledger: Ledger) -> Any:
    """Fields of the form with their types, words and the example."""
    fields: dict[str, Any] = {}
    for name in ledger.form_names:
        field: Any = ledger.model._meta.get_field(name)
        examples = [ledger.example[name]] if name in ledger.example else None
        about = Field(None, title=str(field.verbose_name), examples=examples)
        fields[name] = (_type(field) | None, about)
    return create_model(f"{_stem(ledger)}In", __base__=Schema, **fields)


def answer_of(ledger: Ledger) -> Any:
    """A record as answered."""
    head: dict[str, Any] = {
        "id": (int, ...),
        "uid": (str, ...),
        "version": (int, ...),
        "archived": (bool, ...),
    }
    for name in names_of(ledger):
        item = datum(ledger, name)
        head[name] = (Any, Field(None, title=item.title))
        head[f"{name}_text"] = (str | None, Field(None, title=item.title))
    return create_model(f"{_stem(ledger)}Out", __base__=Schema, **head)


def page_of(ledger: Ledger) -> Any:
    """A page of a list."""
    fields: dict[str, Any] = {
        "count": (int, Field(..., title="条数，超过一万时为 10001")),
        "page": (int, ...),
        "size": (int, ...),
        "results": (list[answer_of(ledger)], ...),  # type: ignore[misc]
    }
    return create_model(f"{_stem(ledger)}Page", __base__=Schema, **fields)
