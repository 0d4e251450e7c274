"""Asking to be replaced, or to swap turns: colleague and leader agree, then the roster changes (S04.3)."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q

from anlan.base.people import Person
from anlan.domains.duty.roster_flow import MINE
from anlan.domains.duty.rosters import OUT, Turn, Watch, clashing, misplaced, touch
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.org.api import declare_permission
from anlan.engines.workflow.api import FlowRecord, Moved, Workflow, back, done, idle, move, review, todo
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

LEADERS = "school_head school_safety"
DOERS = f"{LEADERS} school_contact staff guard canteen_manager dorm_keeper"
ASK = declare_permission("duty.swaps.ask", "换班：申请", tuple(DOERS.split())).code
ARRANGE = declare_permission("duty.swaps.arrange", "换班：代人申请", tuple(LEADERS.split())).code
LATE = "这一班已经开始，不能再换"
declare_event(
    "duty.swapped", "duty", "值班已调整：{record}", "{old}的{turn}改由{new}值班。", channels="sms wechat"
)
declare_event("duty.swap_refused", "duty", "换班没有成：{record}", "{by}没有同意。", channels="wechat")


class Swap(FlowRecord):
    """``turn`` is to be taken by ``colleague``; with ``offered`` the colleague's turn is taken in exchange."""

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="swaps", verbose_name="值班")
    asker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="原值班人")
    colleague = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="接替人")
    offered = models.ForeignKey(
        Turn, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="换来的班"
    )
    reason = models.CharField("原因", max_length=200)
    opinion = models.TextField("意见", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "换班申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn"],
                name="duty_swap_one_open",
                condition=Q(state__in=("asked", "agreed"), archived_at=None),
                violation_error_message="这一班已有换班申请在办",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asker}换班：{self.turn.watch}"

    def get_absolute_url(self) -> str:
        """The request's page."""
        return f"/duty/swaps/{self.pk}/"


def swap_faults(swap: Swap) -> dict[str, str]:
    """What stands against the swap now, by field: a colleague of the unit who can say yes, own turns only, none that
    has begun, nobody twice at one time.
    """
    turn, offered, faults = swap.turn, swap.offered, {}
    if swap.colleague_id == swap.asker_id:
        faults["colleague"] = "不能换给自己"
    elif why := misplaced(swap.colleague, turn.watch):
        faults["colleague"] = why
    elif swap.colleague.account_id is None:
        faults["colleague"] = "此人没有账号，不能在线同意"
    elif clash := _clash(swap.colleague, turn.watch, offered):
        faults["colleague"] = f"{swap.colleague}同一时间已有一班：{clash.watch}"
    if turn.begins_at <= clock.now():
        faults["turn"] = LATE
    if offered and (why := _against(swap, offered)):
        faults["offered"] = why
    return faults


def _against(swap: Swap, offered: Turn) -> str:
    if offered.person_id != swap.colleague_id:
        return "换来的班要是接替人自己的"
    if offered.watch_id == swap.turn.watch_id:
        return "两人就在同一班，不用换"
    if offered.begins_at <= clock.now():
        return LATE
    clash = _clash(swap.asker, offered.watch, swap.turn)
    return f"{swap.asker}同一时间已有一班：{clash.watch}" if clash else misplaced(swap.asker, offered.watch)


def _clash(person: Person, watch: Watch, given: Turn | None) -> Turn | None:
    """What else the person has at that time, once the turn given away is gone."""
    rows = clashing(person, watch, (given.pk,) if given else ())
    found: Turn | None = rows.select_related("watch__place").first()
    return found


def _colleague_only(swap: Swap, user: Any) -> str | None:
    return None if swap.colleague.account_id == user.pk else "由接替人本人答复"


def _colleague(swap: Swap) -> list[Any]:
    return [swap.colleague.account]


def _asker_only(swap: Swap, user: Any) -> str | None:
    mine = user.pk in (swap.asker.account_id, swap.created_by_id)
    return None if mine else "只能由申请人撤回"


def _no_party(swap: Swap, user: Any) -> str | None:
    party = user.pk in (swap.asker.account_id, swap.colleague.account_id)
    return "换班双方不能自己批准，请另一位领导办理" if party else None


class SwapFlow(Workflow):
    """Asked, agreed by the colleague, agreed by a leader who is neither of the two."""

    code = "duty.swaps"
    title = "换班"
    model = Swap
    states = {
        "asked": todo("待同事同意"),
        "agreed": review("待领导同意"),
        "done": done("已换班"),
        "declined": back("同事未同意"),
        "refused": back("领导未同意"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "asked", "done declined refused withdrawn"

    agree = move("同意接班", "asked", "agreed", by=DOERS, guard=_colleague_only, desk=_colleague)
    decline = move(
        "不同意", "asked", "declined", by=DOERS, takes="opinion", guard=_colleague_only, duty=False
    )
    approve = move("批准换班", "agreed", "done", by=LEADERS, takes="opinion", guard=_no_party)
    refuse = move(
        "不批准", "agreed", "refused", by=LEADERS, needs="opinion", guard=_no_party, duty=False, outlined=True
    )
    withdraw = move(
        "撤回", "asked agreed", "withdrawn", by=DOERS, guard=_asker_only, duty=False, outlined=True
    )


@transaction.atomic
def ask(actor: Actor, turn: Turn, colleague: Person, reason: str, offered: Turn | None = None) -> Swap:
    """Ask for the turn to be taken over. Conflict before the roster is out; Rejected for what stands against it."""
    if turn.roster.state not in OUT or turn.archived_at is not None:
        raise Conflict("值班表还没有发布，请直接改排班")
    swap = Swap(
        org=turn.org, turn=turn, asker=turn.person, colleague=colleague, offered=offered, reason=reason
    )
    if faults := swap_faults(swap):
        raise Rejected(faults)
    return create(actor, swap)


@events.on(Moved)
def follow_swap(event: Moved) -> None:
    """After both agreed the roster changes and both are told; a no is told to who asked."""
    swap = event.record
    if not isinstance(swap, Swap):
        return
    if event.move.name == "approve":
        carry_out(event.actor, swap)
    elif event.move.name in ("decline", "refuse") and swap.asker.account:
        send("duty.swap_refused", [swap.asker.account], swap, context={"by": event.actor.name})


def carry_out(actor: Actor, swap: Swap) -> None:
    """Write the new people into the turns, judged anew with both of them held; Conflict where a turn changed hands."""
    list(
        Person.unguarded.select_for_update().filter(pk__in=(swap.asker_id, swap.colleague_id)).order_by("pk")
    )
    rows = Turn.objects.unscoped().select_related("watch__roster", "watch__place", "roster", "org", "person")
    turn = rows.get(pk=swap.turn_id)
    offered = rows.get(pk=swap.offered_id) if swap.offered_id else None
    swap.turn, swap.offered = turn, offered
    gone = turn.person_id != swap.asker_id or any(one.archived_at for one in (turn, offered) if one)
    if gone or any(one.roster.state not in OUT for one in (turn, offered) if one):
        raise Conflict("值班表在这期间改过，这份申请已不能照办")
    if faults := swap_faults(swap):
        raise Rejected({"": list(faults.values())})
    for _, roster in sorted({one.roster_id: one.roster for one in (turn, offered) if one}.items()):
        touch(roster, OUT)
    _hand(actor, turn, swap.colleague)
    told = [(turn, swap.asker, swap.colleague)]
    if offered:
        _hand(actor, offered, swap.asker)
        told.append((offered, swap.colleague, swap.asker))
    people = [person.account for person in (swap.asker, swap.colleague) if person.account]
    for one, old, new in told:
        said = {"turn": str(one.watch), "old": old.name, "new": new.name}
        send("duty.swapped", people, swap, url=MINE, key=f"duty.swapped:{swap.pk}:{one.pk}", context=said)


def _hand(actor: Actor, turn: Turn, person: Person) -> None:
    values = {"person": person, "account": person.account, "phone": person.phone}
    change(actor, turn, values, action="swap", expect=Q(person=turn.person_id, in_at=None))
