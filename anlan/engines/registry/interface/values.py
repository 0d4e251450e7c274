"""Values on their way in and out of the interface."""

from typing import Any

from django.db import models

from anlan.engines.registry.access import Eyes
from anlan.engines.registry.data import Datum, datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm, form_for
from anlan.engines.registry.rendering import YES
from anlan.kernel.errors import Rejected


def names_of(ledger: Ledger) -> list[str]:
    """What an answer carries: columns, then whatever else the form knows."""
    return list(dict.fromkeys(ledger.columns.split() + ledger.form_names))


def shown(ledger: Ledger, record: Any, eyes: Eyes) -> dict[str, Any]:
    """A record as the interface answers it: ids and codes bare, their words under ``<name>_text``."""
    found: dict[str, Any] = {
        "id": record.pk,
        "uid": str(record.uid),
        "version": record.version,
        "archived": record.archived_at is not None,
    }
    for name in names_of(ledger):
        found |= _pair(datum(ledger, name), record, eyes)
    return found


def _pair(item: Datum, record: Any, eyes: Eyes) -> dict[str, Any]:
    field = item.field
    if item.mask or field is None or "__" in item.name:
        return {item.name: eyes.plain(item, record)}
    if field.many_to_many:
        return {item.name: [chosen.pk for chosen in getattr(record, item.name).all()]}
    bare = field.value_from_object(record)
    if field.is_relation or field.choices or item.kind == "chip":
        return {item.name: bare, f"{item.name}_text": item.plain(record)}
    return {item.name: bare}


def checked(form: RecordForm) -> RecordForm:
    """The form, filled in correctly; Rejected with the messages by field."""
    if not form.is_valid():
        said = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        raise Rejected({"" if name == "__all__" else name: texts for name, texts in said.items()})
    return form


def cleaned(ledger: Ledger, user: Any, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Values of a request as the write path takes them; only what was sent is judged when a record is there."""
    if unknown := set(values) - set(ledger.form_names):
        raise Rejected(dict.fromkeys(sorted(unknown), "没有这一项，或这一项不能填写"))
    names = [name for name in ledger.form_names if record is None or name in values]
    data = as_typed(ledger, values)
    form = form_for(ledger, user, record, data, names)
    if record is None:
        _defaults(ledger, form, data)
    return {name: value for name, value in checked(form).values().items() if name in names}


def _defaults(ledger: Ledger, form: RecordForm, data: dict[str, Any]) -> None:
    """What was not sent takes the model's default, as an untouched form would."""
    for name in ledger.form_names:
        field: Any = ledger.model._meta.get_field(name)
        if name not in data and not field.many_to_many and field.has_default():
            data[name] = field.get_default()
    only = form.initial.get("org")
    if "org" in form.fields and "org" not in data and only:
        data["org"] = only


def as_typed(ledger: Ledger, values: dict[str, Any]) -> dict[str, Any]:
    """Values as a form receives them; Rejected where the kind of value does not suit the field."""
    _encodable(values)
    known = {name: value for name, value in values.items() if _is_field(ledger, name)}
    fields: dict[str, Any] = {name: ledger.model._meta.get_field(name) for name in known}
    if unfit := [name for name, value in known.items() if not _suits(fields[name], value)]:
        raise Rejected(dict.fromkeys(sorted(unfit), "格式不对"))
    return {name: "" if value is None else _written(value) for name, value in values.items()}


def _is_field(ledger: Ledger, name: str) -> bool:
    return any(field.name == name for field in ledger.model._meta.get_fields())


def _suits(field: Any, value: Any) -> bool:
    if field.many_to_many or isinstance(field, models.JSONField):
        return value is None or isinstance(value, str | list | dict)
    if isinstance(value, bool):
        return isinstance(field, models.BooleanField)
    return not isinstance(value, list | dict)


def _written(value: Any) -> Any:
    """Numbers as people type them: fields for dates and texts take nothing else."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _encodable(values: Any, name: str = "") -> None:
    """Half a surrogate pair is no text; no database stores it."""
    if isinstance(values, dict):
        for key, value in values.items():
            _encodable(key, key)
            _encodable(value, key)
    elif isinstance(values, list):
        for value in values:
            _encodable(value, name)
    elif isinstance(values, str) and not _is_text(values):
        raise Rejected({name if _is_text(name) else "": "含有不是文字的字符"})


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def flat(value: Any) -> Any:
    """A value as a line of a file shows it."""
    return YES[value] if isinstance(value, bool) else value
