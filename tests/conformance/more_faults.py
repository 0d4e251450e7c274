"""Further faults: in the trail, in moves and rights, in writing."""

from typing import Any
from uuid import uuid4

from django.db.models import F
from django.urls import resolve
from django.utils.safestring import SafeString

from anlan.engines.archives import sealing
from anlan.engines.audit import writing as audit_writing
from anlan.engines.exchange.ledgers import LedgerTarget
from anlan.engines.identity.middleware import SignedInMiddleware
from anlan.engines.output import exporting
from anlan.engines.registry import (
    access,
    forming,
    listing,
    once,
    outputs,
    rendering,
    saving,
)
from anlan.engines.registry.known import ledgers
from anlan.engines.registry.pages import moving, records
from anlan.engines.registry.pages import writing as pages_writing
from anlan.engines.workflow import performing
from anlan.kernel.errors import Conflict
from tests.conformance import test_workflows
from tests.conformance.faults import LAMPS, Patch, everything, fault, unwritten

# -- trail -------------------------------------------------------------------------------------------------


@fault("registering_twice_stores_once_and_is_written_down")
def trail_missing_for_creation(patch: Patch) -> None:
    patch.setattr(audit_writing, "log", unwritten("create"))


@fault("a_change_is_written_down_with_both_values")
def trail_missing_for_change(patch: Patch) -> None:
    patch.setattr(audit_writing, "log", unwritten("change"))


@fault("an_archived_record_stays_as_it_is")
def trail_missing_for_archiving(patch: Patch) -> None:
    patch.setattr(audit_writing, "log", unwritten("archive"))


@fault("test_a_move_is_written_down_once")
def trail_missing_for_moves(patch: Patch) -> None:
    patch.setattr(audit_writing, "log", unwritten("move:"))


@fault("an_export_holds_the_own_units_only_and_is_written_down")
def trail_missing_for_export(patch: Patch) -> None:
    patch.setattr(exporting, "log", lambda *_, **__: None)


@fault("looking_behind_the_mask_needs_the_right_and_is_written_down")
def trail_missing_for_unmasking(patch: Patch) -> None:
    patch.setattr(records, "log", lambda *_, **__: None)


# -- moves and rights --------------------------------------------------------------------------------------


@fault("test_moves_from_other_states_and_by_other_roles_are_refused")
def move_without_condition(patch: Patch) -> None:
    patch.setattr(performing, "_check", lambda *_: None)


@fault("test_a_move_without_what_it_needs_is_refused")
def move_without_what_it_needs(patch: Patch) -> None:
    real = performing._check

    def check(actor: Any, record: Any, step: Any, values: Any, files: Any) -> None:
        real(actor, record, step, values | dict.fromkeys(step.needs, "x"), dict.fromkeys(step.needs, 1))

    patch.setattr(performing, "_check", check)


@fault("test_moves_offered_are_the_moves_declared")
def guard_ignored(patch: Patch) -> None:
    def offered(user: Any, record: Any) -> list[Any]:
        steps = record.flow.moves_from(record.state)
        return [step for step in steps if performing.entitled(user, record, step)]

    patch.setattr(test_workflows, "moves_open_to", offered)


@fault("looking_is_not_acting")
def right_to_edit_not_asked(patch: Patch) -> None:
    patch.setattr(access, "can", lambda *_: True)
    patch.setattr(saving, "can", lambda *_: True)


@fault("looking_is_not_acting")
def right_to_move_not_asked(patch: Patch) -> None:
    patch.setattr(moving, "entitled", lambda *_: True)
    patch.setattr(performing, "entitled", lambda *_: True)


@fault("looking_is_not_acting")
def right_to_import_not_asked(patch: Patch) -> None:
    patch.setattr(LedgerTarget, "permit", lambda *_: None)
    patch.setattr(forming, "options", everything)


@fault("the_unknown_are_sent_to_sign_in")
def sign_in_not_asked(patch: Patch) -> None:
    patch.setattr(SignedInMiddleware, "process_view", lambda *_: None)


@fault("forged_requests_fail")
def forged_forms_taken(patch: Patch) -> None:
    patch.setattr(resolve(ledgers[LAMPS].url + "new").func, "csrf_exempt", True, raising=False)


# -- writing -----------------------------------------------------------------------------------------------


@fault("an_archived_record_stays_as_it_is")
def archived_records_editable(patch: Patch) -> None:
    def update(record: Any, changed: set[str], expect: Any, version: int) -> None:
        values = {name: getattr(record, name) for name in changed}
        type(record).unguarded.filter(pk=record.pk).update(**values, version=F("version") + 1)

    patch.setattr(audit_writing, "_conditional_update", update)
    for asking in (saving, pages_writing):
        patch.setattr(asking, "fixed", lambda *_: "")
    patch.setattr(sealing, "matter_of", lambda model: None)  # the archive's own seal: tests/archives


@fault("a_late_save_overwrites_nothing")
def version_ignored(patch: Patch) -> None:
    real = saving.change
    patch.setattr(saving, "change", lambda actor, record, values, version=None: real(actor, record, values))


@fault("registering_twice_stores_once_and_is_written_down")
def double_click_not_noticed(patch: Patch) -> None:
    real = once.claim
    patch.setattr(once, "claim", lambda actor, key: real(actor, uuid4().hex))


@fault("no_row_costs_a_query")
def a_query_per_row(patch: Patch) -> None:
    real = listing.rows
    patch.setattr(listing, "rows", lambda *said: real(*said).select_related(None))
    patch.setattr(listing.Listing, "scoped", property(lambda self: listing.rows(self.ledger, self.user)))


@fault("attacks_on_the_form_are_refused_or_kept_as_text")
def words_taken_for_markup(patch: Patch) -> None:
    rendering.columns_of.cache_clear()
    rendering.renderer.cache_clear()
    patch.setattr(rendering, "_value", lambda item: lambda row: _live(item.read(row)))


def _live(value: Any) -> Any:
    return SafeString(value) if isinstance(value, str) else value


@fault("an_export_carries_no_formula")
def formulas_exported(patch: Patch) -> None:
    patch.setattr(outputs, "inert", lambda value: value)


@fault("searches_find_the_own_units_only")
def special_characters_break_the_search(patch: Patch) -> None:
    def narrow(ledger: Any, rows: Any, query: Any, user: Any) -> Any:
        if "%" in query.get("q", ""):
            raise Conflict("malformed")
        return rows

    patch.setattr(listing, "narrow", narrow)
