"""Faults of dates, renewals, cycles and labels."""

from itertools import count
from typing import Any

from django.db.models import Q

from anlan.engines.identity.api import User
from anlan.engines.output import labels as printed
from anlan.engines.registry import filtering, inspecting, reminding, renewing, validity
from anlan.engines.registry.acting import Act
from anlan.engines.registry.lead_times import Lead
from anlan.engines.registry.pages import labels
from tests.conformance.faults import Patch, all_rows, any_one, fault

PERMITS, PUMPS = "sample.permits", "sample.pumps"
STANDS = "a_date_stands_as_it_is_near"
DESKS = "a_near_date_is_on_the_desks_of_those_who_may_edit_and_told_once_a_stage"
LEAVES = "a_date_that_moves_away_or_an_archived_row_leaves_the_desks"
RENEWS = "a_renewal_keeps_the_old_period_and_ends_the_reminder"
CYCLE = "a_cycle_gives_the_next_date_and_a_result_moves_it"
LABEL = "a_label_opens_the_row_for_those_who_may_see_it"


@fault(STANDS, PERMITS)
def the_last_day_counts_as_expired(patch: Patch) -> None:
    real = filtering.standing

    def standing(ledger: Any, said: str, user: Any) -> Q:
        today = Q(**{ledger.expires: validity.clock.today()})
        found = real(ledger, said, user)
        return found | today if said == "expired" else found & ~today

    patch.setattr(filtering, "standing", standing)


@fault(STANDS, PERMITS)
def lead_times_of_the_district_are_ignored(patch: Patch) -> None:
    patch.setattr(validity, "leads_of", lambda ledger: [Lead()])


@fault(DESKS, PERMITS)
def a_stage_is_told_again_at_every_run(patch: Patch) -> None:
    number = count()
    patch.setattr(reminding, "_key", lambda *_: f"again-{next(number)}")


@fault(DESKS, PERMITS)
def reminders_go_to_everybody(patch: Patch) -> None:
    patch.setattr(reminding, "nearest_holders", lambda *_: list(User.objects.all()))


@fault(DESKS, PERMITS)
def dates_are_put_on_no_desk(patch: Patch) -> None:
    patch.setattr(reminding, "open_todos", lambda matters: None)


@fault(LEAVES, PERMITS)
def matters_stay_on_desks(patch: Patch) -> None:
    patch.setattr(reminding, "close_todos", lambda *_, **__: 0)


@fault(LEAVES, PERMITS)
def the_daily_round_mends_nothing(patch: Patch) -> None:
    patch.setattr(reminding, "_withdraw", lambda *_: None)


@fault(RENEWS, PERMITS)
def a_renewal_overwrites_the_old_period(patch: Patch) -> None:
    patch.setattr(renewing, "create", lambda actor, record: record)
    patch.setattr(renewing, "_file", lambda *_: None)


@fault(RENEWS, PERMITS)
def a_renewal_needs_no_right(patch: Patch) -> None:
    patch.setattr(Act, "open_to", lambda *_: True)


@fault(CYCLE, PUMPS)
def a_result_moves_nothing(patch: Patch) -> None:
    patch.setattr(inspecting, "reckon", lambda *_: {})


@fault(CYCLE, PUMPS)
def a_check_to_come_is_taken(patch: Patch) -> None:
    patch.setattr(inspecting, "_wrong_day", lambda *_: {})


@fault(LABEL, PUMPS)
def a_label_opens_rows_of_others(patch: Patch) -> None:
    patch.setattr(labels, "rows", all_rows)


@fault(LABEL, PUMPS)
def labels_of_others_are_printed(patch: Patch) -> None:
    patch.setattr(printed, "one", any_one())
