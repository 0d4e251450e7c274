"""The decorator that makes a ledger known: its rights, and who may read its files."""

import re
from typing import TypeVar

from anlan.engines.files.api import register_reader
from anlan.engines.org.api import Record, declare_permission
from anlan.engines.registry.declaring import VERBS, WATCH, Ledger
from anlan.engines.registry.equipment import live
from anlan.engines.registry.evidence import may_read_files
from anlan.engines.registry.inspecting import add_checks
from anlan.engines.registry.known import ledgers, ledgers_of
from anlan.engines.registry.merging import add_merging
from anlan.engines.registry.renewing import add_renewal
from anlan.kernel.personal import declare_personal

L = TypeVar("L", bound=type[Ledger])


def ledger(declaration: L) -> L:
    """Class decorator: register the ledger and its rights, ``<code>.<verb>`` for each of ``VERBS``."""
    if not declaration.code:
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", declaration.__name__).lower()
        declaration.code = f"{declaration.model._meta.app_label}.{words}"
    item = declaration()
    if not ledgers_of(item.model):
        _open_files(item.model)
    ledgers.add(declaration.code, item)
    if item.life:
        keepers, _, menders = item.life.partition("/")
        live(item.model, item.model._meta.verbose_name, keepers=keepers, menders=menders)
    if item.renews:
        add_renewal(declaration, item)
    if item.merges:
        add_merging(declaration, item)
    if item.cycle:
        add_checks(declaration, item)
    declare_personal(item.model._meta.label_lower, **item.personal)
    if item.expires:
        declare_permission(item.permission(WATCH), f"{item.title}：接收到期提醒", _roles(item, WATCH))
    for verb, title in VERBS.items():
        declare_permission(item.permission(verb), f"{item.title}：{title}", _roles(item, verb))
        if item.model.OWNER:
            own = f"{verb}.own"
            declare_permission(item.permission(own), f"{item.title}：{title}（本人的）", _roles(item, own))
    return declaration


def _open_files(model: type[Record]) -> None:
    """Files of a record are read by whoever sees the record in one of its ledgers."""
    register_reader(model._meta.label_lower, lambda user, pk: may_read_files(ledgers_of(model), user, pk))


def _roles(item: Ledger, verb: str) -> tuple[str, ...]:
    said = item.roles.get(verb, ())
    return tuple(said.split() if isinstance(said, str) else said)
