"""The lookup behind the pickers of a ledger's forms: exactly what the form would take, searched and paged."""

from typing import Any

from django.forms import ModelChoiceField
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from anlan.engines.org.api import require
from anlan.engines.registry.access import can, one, options
from anlan.engines.registry.data import path
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.offering import look_up
from anlan.engines.registry.pages.acts import doable, form_of
from anlan.engines.registry.turns import open_moves
from anlan.kernel.errors import Missing
from anlan.shell.picking import lookups


@require_safe
def page(request: HttpRequest, ledger: Ledger, name: str) -> JsonResponse:
    """Rows ``value``, ``label``, ``note`` and their ``total`` for field ``name``.

    ``for`` names the record that is edited or moved, ``among=list`` asks for a filter of the list; Missing for
    what the person fills in nowhere.
    """
    if request.GET.get("among") == "list":
        return _answer(_filtered(ledger, request.user, name), request)
    said = request.GET.get("for", "")
    record = one(ledger, request.user, int(said)) if said.isdecimal() and len(said) < 18 else None
    field = _field(ledger, request.user, name, record)
    offered = options(ledger, request.user, field, "add" if record is None else "edit")
    return _answer(offered, request)


def _answer(offered: Any, request: HttpRequest, key: str = "pk") -> JsonResponse:
    found = look_up(offered, request.GET, key)
    return JsonResponse({"rows": found.rows, "total": found.total})


def _filtered(ledger: Ledger, user: Any, name: str) -> Any:
    require(user, ledger.permission("view"))
    field = path(ledger.model, name)[-1] if name in ledger.filter_names else None
    if field is None or not field.is_relation:
        raise Missing
    return options(ledger, user, field, "view")


@require_safe
def of_act(request: HttpRequest, ledger: Ledger, pk: int, act: str, name: str) -> JsonResponse:
    """The same for a field of an act's form."""
    record, known = doable(request, ledger, pk, act)
    field = form_of(known, record, request).fields.get(name)
    if not isinstance(field, ModelChoiceField):
        raise Missing
    return _answer(field.queryset, request, field.to_field_name or "pk")


@require_safe
def lookup(request: HttpRequest, code: str) -> JsonResponse:
    """The same for a declared lookup; Missing for an unknown one."""
    declared = lookups.get(code)
    if declared is None:
        raise Missing
    return _answer(declared.rows(request.user), request, declared.key)


def _field(ledger: Ledger, user: Any, name: str, record: Any) -> Any:
    if record is None:
        require(user, ledger.permission("add"))
        asked = name in ledger.form_names
    else:
        asked = name in ledger.form_names and can(ledger, user, record, "edit")
        asked = asked or any(name in (*step.needs, *step.takes) for step in open_moves(ledger, user, record))
    field = ledger.model._meta.get_field(name) if asked and name in _relations(ledger) else None
    if field is None:
        raise Missing
    return field


def _relations(ledger: Ledger) -> set[str]:
    return {field.name for field in ledger.model._meta.get_fields() if field.is_relation}
