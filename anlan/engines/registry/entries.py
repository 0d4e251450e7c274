"""What keeps the model of a ledger short: a base that names and addresses its rows, and rules of uniqueness."""

from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.org.api import Record
from anlan.engines.registry.cycle_rules import rule_kinds
from anlan.engines.registry.known import ledger_of


class Entry(Record):
    """A row of a ledger: its words are the ledger's first column, its page is the ledger's."""

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        ledger = ledger_of(type(self))
        value = getattr(self, ledger.columns.split()[0]) if ledger else self.pk
        return str(value)

    def get_absolute_url(self) -> str:
        """The row's page."""
        ledger = ledger_of(type(self))
        return ledger.url_of(self) if ledger else ""


def unique(name: str, fields: str, said: str) -> models.UniqueConstraint:
    """At most one row that is not archived has these values; ``said`` is the refusal."""
    return models.UniqueConstraint(
        fields=fields.split(), name=name, condition=Q(archived_at=None), violation_error_message=said
    )


def kind_field(stem: str, title: str) -> Any:
    """A choice among the kinds that have a cycle rule ``<stem>.<kind>``."""
    return models.CharField(title, max_length=30, choices=partial(rule_kinds, stem), db_index=True)
