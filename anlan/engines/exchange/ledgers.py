"""A ledger as the target of an import: its form's fields are the columns, its natural key finds the row."""

from collections.abc import Sequence
from typing import Any

from django import forms

from anlan.engines.exchange.columns import Column, half_width
from anlan.engines.exchange.rows import RowReader, has_default, words_of
from anlan.engines.exchange.saving import LedgerSaver, existing_of
from anlan.engines.exchange.targets import Choice, Context, Row, Saver, Verdict
from anlan.engines.org.api import require
from anlan.engines.registry.api import Ledger, form_for
from anlan.kernel.errors import Refusal, Rejected


class LedgerTarget:
    """Adds rows whose natural key is new and amends the others; right, scope and rules are the ledger's."""

    takes_documents = False

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.code, self.title, self.back = ledger.code, ledger.title, ledger.url

    def permit(self, user: Any) -> None:
        """The right to import and the right to add."""
        require(user, self.ledger.permission("import"))
        require(user, self.ledger.permission("add"))

    def columns(self, user: Any) -> Sequence[Column]:
        """One column per field of the form."""
        return [self._column(name, field) for name, field in self._fields(user).items()]

    def choices(self, user: Any) -> Sequence[Choice]:
        """Nothing is asked beside the file."""
        return ()

    def line(self, text: str, context: Context) -> dict[str, str]:
        """Documents are not taken."""
        raise Rejected({"file": "请上传表格文件"})

    def key(self, row: Row) -> tuple[str, ...]:
        """The natural key as written."""
        return tuple(half_width(row.get(name, "")) for name in self.ledger.key_names)

    def check(self, context: Context, rows: Sequence[Row]) -> list[Verdict]:
        """Each row against the form, the model's rules and the ledger's."""
        reader = self.reader(context.actor.user)
        read = [_values(reader, row) for row in rows]
        sound = [values for values in read if not isinstance(values, Verdict)]
        known = iter(existing_of(self.ledger, context.actor.user, sound))
        return [
            values if isinstance(values, Verdict) else _verdict(reader, next(known), values)
            for values in read
        ]

    def reader(self, user: Any) -> RowReader:
        """What turns texts into values of the form as this person sees it."""
        return RowReader(self.ledger, user, self._fields(user))

    def saver(self, context: Context) -> Saver:
        """Through the ledger's one way of saving."""
        return LedgerSaver(context.actor, self.ledger, self.reader(context.actor.user))

    def _fields(self, user: Any) -> dict[str, forms.Field]:
        found = form_for(self.ledger, user).fields
        return {name: found[name] for name in self.ledger.form_names if name in found}

    def _needed(self, name: str, field: forms.Field) -> bool:
        given = isinstance(field.widget, forms.HiddenInput)  # a unit with only one answer
        return field.required and not given and not has_default(self.ledger, name)

    def _column(self, name: str, field: forms.Field) -> Column:
        example = self.ledger.example.get(name, "")
        return Column(
            name,
            str(field.label or name),
            required=self._needed(name, field),
            hint=str(field.help_text or ""),
            example="" if example is None else str(example),
            choices=words_of(field),
        )


def _values(reader: RowReader, row: Row) -> dict[str, Any] | Verdict:
    """What the row says, or why it cannot be read."""
    try:
        return reader.read(row)
    except Refusal as refusal:
        return _refused(refusal)


def _verdict(reader: RowReader, record: Any, values: dict[str, Any]) -> Verdict:
    try:
        reader.rules(record, values)
    except Refusal as refusal:
        return _refused(refusal)
    return Verdict("add" if record is None else "amend")


def _refused(refusal: Refusal) -> Verdict:
    said = refusal.fields if isinstance(refusal, Rejected) else {"": [refusal.message]}
    return Verdict(problems={name: "；".join(texts) for name, texts in said.items()})
