"""What is wrong with a ledger; each fault is an error of the system checks, before the server answers."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from anlan.engines.org.api import declared_roles
from anlan.engines.registry.data import datum, path
from anlan.engines.registry.declaring import VERBS, WATCH, Ledger
from anlan.engines.registry.masking import MASKS

PERSONAL_WORDS = re.compile("姓名|电话|手机|身份证|证件号|住址|家庭|出生|银行卡|监护人|病史")
PERSONAL_NAMES = re.compile(
    r"(^|_)(phone|mobile|tel|id_number|identity|id_card|passport|birthday|birth_date|home_address|guardian"
    r"|bank_card)(_|$)"
)
TEXT = (models.CharField, models.TextField, models.JSONField, models.DateField)


def faults_of(ledger: Ledger) -> Iterator[str]:
    """Every fault of one declaration."""
    yield from _unknown(ledger)
    yield from _filters(ledger)
    yield from _search(ledger)
    yield from _roles(ledger)
    yield from _personal(ledger)
    yield from _views(ledger)
    yield from _dates(ledger)
    if not re.fullmatch(r"[a-z_]+\.[a-z_]+", ledger.code):
        yield f"code {ledger.code!r} is not of the form app.plural"
    if not ledger.columns:
        yield "no columns"
    for verb in set(ledger.while_in) - {"edit", "archive"}:
        yield f"while_in: {verb} is neither edit nor archive"
    if ledger.while_in and not _known(ledger, "state"):
        yield "while_in: the model has no state"


def _known(ledger: Ledger, name: str) -> bool:
    try:
        datum(ledger, name)
    except FieldDoesNotExist:
        return False
    return True


def _unknown(ledger: Ledger) -> Iterator[str]:
    fields = {f.name for f in ledger.model._meta.get_fields()}
    shown = {"columns": ledger.columns.split(), "facts": ledger.facts.split()}
    for where, names in shown.items():
        yield from (
            f"{where}: {name} is neither field nor column" for name in names if not _known(ledger, name)
        )
    written: dict[str, Iterable[str]] = {
        "form": ledger.form.split(),
        "sections": " ".join(ledger.sections.values()).split(),
        "key": ledger.key_names,
        "personal": ledger.personal,
        "source": ledger.source,
        "example": ledger.example,
        "expires": ledger.expires.split(),
        "renews": ledger.renews.split(),
        "certificate": ledger.certificate.values(),
        "choices": ledger.choices,
    }
    for where, named in written.items():
        yield from (f"{where}: {name} is no field" for name in named if name not in fields)
    yield from (f"masked: {name} is unknown" for name in ledger.masked if not _known(ledger, name))
    yield from (f"masked: no mask {kind!r}" for kind in ledger.masked.values() if kind not in MASKS)


def _field(ledger: Ledger, name: str) -> Any:
    try:
        return path(ledger.model, name)[-1]
    except FieldDoesNotExist:
        return None


def _filters(ledger: Ledger) -> Iterator[str]:
    for name in ledger.filter_names:
        field = _field(ledger, name)
        if field is None:
            yield f"filters: {name} is no field"
        elif not (field.choices or isinstance(field, models.BooleanField) or _indexed(field)):
            yield f"filters: {name} has neither index nor choices"


def _indexed(field: Any) -> bool:
    if field.db_index or field.unique or field.is_relation or field.primary_key:
        return True
    meta = field.model._meta
    leading = [index.fields[0].lstrip("-") for index in meta.indexes if index.fields]
    leading += [rule.fields[0] for rule in meta.constraints if getattr(rule, "fields", ())]
    # An index that begins with the unit serves a filter inside a person's scope as well.
    leading += [
        index.fields[1].lstrip("-")
        for index in meta.indexes
        if list(index.fields[:1]) == ["org"] and index.fields[1:]
    ]
    return field.name in leading


def _search(ledger: Ledger) -> Iterator[str]:
    for name in ledger.search_names:
        if not isinstance(_field(ledger, name), models.CharField | models.TextField):
            yield f"search: {name} is no text field"


def _roles(ledger: Ledger) -> Iterator[str]:
    for verb, said in ledger.roles.items():
        stem, _, own = verb.partition(".")
        if verb != WATCH and (stem not in VERBS or own not in ("", "own")):
            yield f"roles: unknown verb {verb}"
        if own and not ledger.model.OWNER:
            yield f"roles: {verb}, but {ledger.model.__name__} names no OWNER"
        for code in said.split() if isinstance(said, str) else said:
            if code not in declared_roles:
                yield f"roles: {verb} names unknown role {code}"


def looks_personal(field: Any) -> bool:
    """Whether a text or date field of a model holds personal information, by its name or its words."""
    if not isinstance(field, TEXT) or isinstance(field, models.DateTimeField) or field.choices:
        return False
    return bool(PERSONAL_WORDS.search(str(field.verbose_name)) or PERSONAL_NAMES.search(field.name))


def _personal(ledger: Ledger) -> Iterator[str]:
    for field in ledger.model._meta.concrete_fields:
        if looks_personal(field) and field.name not in ledger.personal:
            yield f"personal: {field.name} ({field.verbose_name}) needs its purpose, basis, retention"


def _views(ledger: Ledger) -> Iterator[str]:
    allowed = {
        *ledger.filter_names,
        "q",
        "sort",
        "overdue",
        "archived",
        "open",
        "mine",
        *(["validity"] if ledger.expires else []),
        *ledger.marks,
    }
    for title, query in ledger.views.items():
        names = {part.partition("=")[0] for part in query.split("&") if part}
        plain = {name.removesuffix("_from").removesuffix("_to") for name in names}
        for name in plain - allowed:
            yield f"views: {title} uses unknown filter {name}"


def _dates(ledger: Ledger) -> Iterator[str]:
    field = _field(ledger, ledger.expires) if ledger.expires else None
    if ledger.expires and (not isinstance(field, models.DateField) or not _indexed(field)):
        yield f"expires: {ledger.expires} is no date with an index"
    if ledger.expires and not any(ledger.roles.get(verb) for verb in ("edit", WATCH)):
        yield "expires: nobody may edit or watch, so nobody is reminded"
    if ledger.renews and ledger.expires not in ledger.renews.split():
        yield "renews: the date of expiry is not among them"
    if "validity" in ledger.columns.split() and not ledger.expires:
        yield "columns: validity needs expires"
