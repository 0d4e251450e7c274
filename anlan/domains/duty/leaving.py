"""Who left stands in no shift to come; the school is told which seats are empty now."""

from django.db.models import Q

from anlan.base.people import PersonLeft
from anlan.domains.duty.rosters import OUT, Turn
from anlan.domains.duty.swaps import Swap
from anlan.engines.audit.api import SYSTEM, archive
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.workflow.api import perform
from anlan.kernel import clock, events

declare_event(
    "duty.vacant",
    "duty",
    "值班缺人：{person}已离岗",
    "{count} 班要另外安排，最早 {first}。",
    channels="wechat",
)


@events.on(PersonLeft)
def vacate_turns(event: PersonLeft) -> None:
    """Take the person out of every shift that has not begun."""
    rows = Turn.objects.unscoped().filter(person=event.person, archived_at=None, begins_at__gt=clock.now())
    _drop_swaps(event)
    turns = list(rows.select_related("watch__place", "roster", "person", "org"))
    for turn in turns:
        archive(event.actor, turn, action="vacate")
    if vacant := [turn for turn in turns if turn.roster.state in OUT]:
        said = {"person": event.person.name, "count": len(vacant), "first": str(vacant[0].watch)}
        key = f"duty.vacant:{event.person.pk}"
        keepers = holders_at([event.person.org], "duty.rosters.publish")
        send("duty.vacant", keepers, vacant[0].roster, key=key, context=said)


def _drop_swaps(event: PersonLeft) -> None:
    """Nobody waits for the word of somebody who left, nor for a turn that falls away."""
    party = Q(asker=event.person) | Q(colleague=event.person)
    for swap in Swap.objects.unscoped().filter(party, state__in=("asked", "agreed"), archived_at=None):
        perform(SYSTEM, swap, "withdraw")
