"""The registry of ledgers: the decorator, the rights it declares, and finding a model's ledger."""

import re
from collections.abc import Iterator
from typing import TypeVar

from django.db import models

from anlan.engines.org.api import declare_permission
from anlan.engines.registry.checking import faults_of
from anlan.engines.registry.declaring import VERBS, Ledger
from anlan.kernel.registry import Registry

L = TypeVar("L", bound=type[Ledger])


def _verify(item: Ledger) -> Iterator[str]:
    yield from faults_of(item)
    mine = sorted(other.code for other in ledgers if other.model is item.model and not other.readonly)
    if not item.readonly and len(mine) > 1:
        yield f"{item.model.__name__} is maintained by {', '.join(mine)}"


ledgers: Registry[Ledger] = Registry("ledger", _verify)


def ledger(declaration: L) -> L:
    """Class decorator: register the ledger and its rights, ``<code>.<verb>`` for each of ``VERBS``."""
    if not declaration.code:
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", declaration.__name__).lower()
        declaration.code = f"{declaration.model._meta.app_label}.{words}"
    item = declaration()
    ledgers.add(declaration.code, item)
    for verb, title in VERBS.items():
        declare_permission(item.permission(verb), f"{item.title}：{title}", _roles(item, verb))
        if item.model.OWNER:
            own = f"{verb}.own"
            declare_permission(item.permission(own), f"{item.title}：{title}（本人的）", _roles(item, own))
    return declaration


def _roles(item: Ledger, verb: str) -> tuple[str, ...]:
    said = item.roles.get(verb, ())
    return tuple(said.split() if isinstance(said, str) else said)


def ledger_of(model: type[models.Model]) -> Ledger | None:
    """The ledger that maintains a model's rows; a read-only one where no other exists."""
    found = [item for item in ledgers if item.model is model]
    return next((item for item in found if not item.readonly), found[0] if found else None)
