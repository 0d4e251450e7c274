"""Requests to the department in charge: passed on, state returned by its account or typed by the bureau (N2.06)."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from anlan.domains.physical.traffic import FINE, NONE, SENT, SETTLED, WAITING, TrafficFacility
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, answer, end_share, share_record, shares_of
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

PASS_ON = declare_permission(
    "physical.traffic_facilities.pass_on", "周边交通设施：移交主管部门、登记回复", ("bureau_safety",)
).code
NEW = {"replied_on": None, "reply": "", "replied_by": ""}


@transaction.atomic
def pass_on(actor: Actor, row: TrafficFacility, reason: str) -> TrafficFacility:
    """Ask the department in charge of this kind; a linked agency sees the facility from now on.

    Conflict where it has it already, Rejected for an agency of another area.
    """
    agency = row.kind.agency
    words = f"{row.kind.department}（{agency}）" if agency else row.kind.department
    said = {"stage": SENT, "department": words, "sent_on": clock.today()} | NEW
    change(actor, row, said, action="pass_on", expect=~Q(stage__in=WAITING) & ~Q(condition=FINE))
    if agency:
        for share in shares_of(row):  # of an earlier request; the agency is told anew
            end_share(actor, share)
        share_record(actor, row, agency, reason or f"{row.get_condition_display()}：{row.defect}")
    return row


@transaction.atomic
def reply(actor: Actor, ledger: Ledger, row: TrafficFacility, stage: str, text: str) -> TrafficFacility:
    """What the department's own account says; Missing or Forbidden for anybody it was not passed on to."""
    answer(actor, ledger, row, f"{dict(row._meta.get_field('stage').flatchoices)[stage]}：{text}")
    return _returned(actor, row, stage, text, clock.today())


@transaction.atomic
def note_reply(actor: Actor, row: TrafficFacility, stage: str, text: str, day: date) -> TrafficFacility:
    """What a department without an account said on ``day``; Rejected for a day before it was asked, or to come."""
    if row.sent_on and not row.sent_on <= day <= clock.today():
        raise Rejected({"day": "回复日期不能早于移交日期，也不能晚于今天"})
    return _returned(actor, row, stage, text, day)


def _returned(actor: Actor, row: TrafficFacility, stage: str, text: str, day: date) -> TrafficFacility:
    said = {"stage": stage, "reply": text, "replied_on": day, "replied_by": actor.name}
    return change(actor, row, said, action="reply", expect=Q(stage__in=WAITING))


def verify(actor: Actor, row: TrafficFacility, found: str) -> TrafficFacility:
    """Somebody looked whether what was settled is in order again."""
    said = {"condition": found, "stage": NONE} | ({"defect": ""} if found == FINE else {})
    return change(actor, row, said, action="verify", expect=Q(stage=SETTLED))
