"""Seeing a masked value in full is an act of its own, kept in the trail (MLPS.20)."""

from typing import Any

from anlan.engines.audit.actors import Actor
from anlan.engines.audit.writing import log
from anlan.engines.org.api import Record, scope
from anlan.kernel.errors import Forbidden


def unmask_permission(record: Record) -> str:
    """The right that opens masked fields of this kind of record: ``<app>.<plural>.unmask``."""
    meta = record._meta
    return f"{meta.app_label}.{meta.model_name}s.unmask"


def reveal(actor: Actor, record: Record, field: str, permission: str = "") -> Any:
    """The plain value, after writing down who looked. Forbidden (and written down too) without the right."""
    needed = permission or unmask_permission(record)
    allowed = actor.user is not None and scope(actor.user, needed).covers(record.org.path)
    log(actor, "unmask", record, after={"field": field}, succeeded=allowed)
    if not allowed:
        raise Forbidden(needed)
    return getattr(record, field)
