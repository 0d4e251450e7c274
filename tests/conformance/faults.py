"""Faults that were made in other houses, ready to be planted in ours: the suite has to notice every one."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import F, Q

from anlan.engines.audit import writing as audit_writing
from anlan.engines.output import exporting
from anlan.engines.registry import (
    access,
    evidence,
    forming,
    history,
    lede,
    listing,
    registering,
    rendering,
    saving,
)
from anlan.engines.registry.access import CLEAR
from anlan.engines.registry.interface import routes
from anlan.engines.registry.pages import bulk, lists, moving, records
from anlan.engines.registry.pages import writing as pages_writing
from anlan.engines.tasks import todos
from anlan.kernel.errors import Missing

Patch = pytest.MonkeyPatch
LAMPS = "sample.lamps"


@dataclass(frozen=True)
class Fault:
    """What is broken, and the check that is to notice it (of the ledger, or of the workflow)."""

    name: str
    noticed_by: str
    plant: Callable[[Patch], None]
    ledger: str = LAMPS


FAULTS: list[Fault] = []


def fault(
    noticed_by: str, ledger: str = LAMPS
) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Decorator: a fault by the name of its function, to be noticed with this ledger."""

    def add(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
        FAULTS.append(Fault(plant.__name__, noticed_by, plant, ledger))
        return plant

    return add


def all_rows(ledger: Any, user: Any, verb: str = "view") -> Any:
    """Rows without scope."""
    return ledger.model.objects.unscoped().select_related(*ledger.needs)


def any_one(*callers: str, verbs: tuple[str, ...] = ()) -> Callable[..., Any]:
    """The record without scope, for these functions or verbs only."""

    def one(ledger: Any, user: Any, pk: int, verb: str = "view") -> Any:
        caller = sys._getframe(1).f_code
        if (callers and caller.co_name not in callers) or (verbs and verb not in verbs):
            return access.one(ledger, user, pk, verb)
        return all_rows(ledger, user).get(pk=pk)

    return one


class Unscoped(listing.Listing):
    """A listing that forgot its scope."""

    scoped = property(lambda self: all_rows(self.ledger, self.user))  # type: ignore[assignment]


def everything(ledger: Any, user: Any, field: Any, verb: str) -> Any:
    """Options without scope."""
    return field.related_model._default_manager.all()


def unwritten(*actions: str) -> Callable[..., Any]:
    """A trail that leaves out some acts."""
    real = audit_writing.log

    def log(actor: Any, action: str, record: Any = None, **values: Any) -> Any:
        if not action.startswith(actions):
            return real(actor, action, record, **values)
        return None

    return log


# -- scope -------------------------------------------------------------------------------------------------


@fault("the_list_shows_the_own_units_only")
def scope_missing_in_list(patch: Patch) -> None:
    patch.setattr(lists, "Listing", Unscoped)


@fault("records_outside_are_not_found")
def scope_missing_for_the_object(patch: Patch) -> None:
    patch.setattr(records, "one", any_one("page"))


@fault("records_outside_are_not_found")
def scope_missing_in_edit(patch: Patch) -> None:
    patch.setattr(pages_writing, "one", any_one())


@fault("prints_outside_are_not_found")
def scope_missing_in_print(patch: Patch) -> None:
    patch.setattr(records, "one", any_one("print_page"))


@fault("nothing_outside_can_be_acted_on")
def scope_missing_in_unmask(patch: Patch) -> None:
    patch.setattr(records, "one", any_one("unmask"))


@fault("nothing_outside_can_be_acted_on")
def scope_missing_in_move(patch: Patch) -> None:
    patch.setattr(moving, "one", any_one())


@fault("nothing_outside_can_be_acted_on")
def scope_missing_in_bulk(patch: Patch) -> None:
    def perform_on(actor: Any, ledger: Any, verb: str, chosen: list[int]) -> Any:
        ledger.model.unguarded.filter(pk__in=chosen).update(version=F("version") + 1)
        raise Missing

    patch.setattr(bulk, "perform_on", perform_on)


@fault("searches_find_the_own_units_only")
def scope_missing_in_search(patch: Patch) -> None:
    real = listing.narrow

    def narrow(ledger: Any, rows: Any, query: Any, user: Any) -> Any:
        return real(ledger, all_rows(ledger, user) if query.get("q") else rows, query, user)

    patch.setattr(listing, "narrow", narrow)


@fault("an_export_holds_the_own_units_only_and_is_written_down")
def scope_missing_in_export(patch: Patch) -> None:
    patch.setattr(exporting, "Listing", Unscoped)


@fault("the_interface_lists_the_own_units_only")
def scope_missing_in_interface_list(patch: Patch) -> None:
    patch.setattr(routes, "Listing", Unscoped)


@fault("the_interface_finds_nothing_outside")
def scope_missing_in_interface_get(patch: Patch) -> None:
    patch.setattr(routes, "one", any_one(verbs=("view",)))


@fault("the_interface_writes_nothing_outside")
def scope_missing_in_interface_write(patch: Patch) -> None:
    patch.setattr(routes, "one", any_one(verbs=("edit",)))


@fault("files_follow_their_record")
def scope_missing_for_files(patch: Patch) -> None:
    patch.setattr(registering, "may_read_files", lambda *_: True)


@fault("files_follow_their_record")
def scope_missing_where_files_ask_for_rows(patch: Patch) -> None:
    patch.setattr(evidence, "rows", all_rows)


@fault("todos_stay_inside")
def scope_missing_on_desks(patch: Patch) -> None:
    patch.setattr(todos, "addressed_to", lambda user: Q(user=None))


@fault("counts_speak_of_the_own_units_only")
def scope_missing_in_headline(patch: Patch) -> None:
    patch.setattr(lede, "capped_count", lambda rows: rows.model.unguarded.count())


@fault("counts_speak_of_the_own_units_only")
def scope_missing_in_counts(patch: Patch) -> None:
    patch.setattr(listing, "rows", all_rows)


@fault("options_stay_inside")
def options_unfiltered(patch: Patch) -> None:
    patch.setattr(access, "units", lambda ledger, user, verb: everything(ledger, user, _org(ledger), verb))
    patch.setattr(forming, "options", everything)


def _org(ledger: Any) -> Any:
    return ledger.model._meta.get_field("org")


def _open_options(patch: Patch) -> None:
    patch.setattr(forming, "options", everything)
    patch.setattr(saving, "options", everything)


@fault("nothing_is_registered_outside")
def registering_into_another_unit(patch: Patch) -> None:
    _open_options(patch)


@fault("no_record_moves_to_another_unit_outside")
def moving_into_another_unit(patch: Patch) -> None:
    _open_options(patch)


@fault("an_import_stores_nothing_outside")
def importing_into_another_unit(patch: Patch) -> None:
    _open_options(patch)


# -- masks -------------------------------------------------------------------------------------------------


@fault("the_list_is_masked")
def mask_missing_in_list(patch: Patch) -> None:
    rendering.columns_of.cache_clear()
    rendering.renderer.cache_clear()
    patch.setattr(rendering, "_value", lambda item: item.read)


@fault("the_record_page_and_its_history_are_masked")
def mask_missing_on_the_record_page(patch: Patch) -> None:
    real = records.facts
    patch.setattr(records, "facts", lambda ledger, record, eyes: real(ledger, record, CLEAR))


@fault("the_record_page_and_its_history_are_masked")
def mask_missing_in_history(patch: Patch) -> None:
    patch.setattr(history, "masked", lambda kind, value: str(value))


@fault("print_and_form_are_masked")
def mask_missing_in_print(patch: Patch) -> None:
    patch.setattr(records, "MASKED", CLEAR)


@fault("print_and_form_are_masked")
def mask_missing_in_form(patch: Patch) -> None:
    patch.setattr(forming, "masked", lambda kind, value: str(value))


@fault("exports_are_masked")
def mask_missing_in_export(patch: Patch) -> None:
    patch.setattr(exporting, "MASKED", CLEAR)


@fault("the_interface_is_masked")
def mask_missing_in_interface(patch: Patch) -> None:
    patch.setattr(routes, "MASKED", CLEAR)


@fault("looking_behind_the_mask_needs_the_right_and_is_written_down")
def unmasking_without_the_right(patch: Patch) -> None:
    patch.setattr(records, "may_unmask", lambda *_: True)
