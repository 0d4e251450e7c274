"""A lost race side by side: what the other person stored, what this one typed."""

from typing import Any

from anlan.engines.audit.api import AuditEntry
from anlan.engines.registry.access import MASKED
from anlan.engines.registry.data import datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm, initial
from anlan.shell.deadlines import moment_words
from anlan.shell.parts import Action


def side_by_side(ledger: Ledger, record: Any, form: RecordForm) -> dict[str, Any]:
    """What the conflict view shows; the form takes the present version, so that it may be sent again."""
    last = AuditEntry.objects.filter(model=record._meta.label_lower, object_id=str(record.pk)).last()
    who = last.actor if last else "别人"
    stored = initial(ledger, record, ledger.form_names)
    data: Any = form.data
    form.data = data.copy()
    form.data["version"] = str(record.version)  # type: ignore[index]
    return {
        "title": f"{who}刚刚改过这条记录，您的还没有保存",
        "who": who,
        "ago": moment_words(last.at) if last else "",
        "rows": [_row(ledger, record, form, name, stored.get(name)) for name in ledger.form_names],
        "drop": Action("用对方的", ledger.url_of(record)),
    }


def _row(ledger: Ledger, record: Any, form: RecordForm, name: str, stored: Any) -> dict[str, Any]:
    typed = form.cleaned_data.get(name)
    item = datum(ledger, name)
    theirs = MASKED.plain(item, record)
    return {
        "label": item.title,
        "theirs": theirs,
        "yours": _words(item.field, typed),
        "differs": _key(typed) != _key(stored),
    }


def _words(field: Any, value: Any) -> str:
    if field.many_to_many or isinstance(value, list):
        return "、".join(str(chosen) for chosen in value or ())
    return "" if value is None else str(dict(field.flatchoices).get(value, value))


def _key(value: Any) -> str:
    if isinstance(value, list) or hasattr(value, "values_list"):
        return ",".join(sorted(str(getattr(chosen, "pk", chosen)) for chosen in value))
    return "" if value is None else str(getattr(value, "pk", value))
