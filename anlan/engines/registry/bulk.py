"""Bulk verbs: moves that ask for nothing, and archiving; each record answers for itself (ui.md 7.6)."""

from dataclasses import dataclass, field
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.access import rows
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.saving import put_away
from anlan.engines.workflow.api import Move, perform
from anlan.kernel.errors import Missing, Refusal
from anlan.shell.parts import Action

LIMIT = 200


@dataclass
class Answer:
    """What became of each chosen record: done, skipped with reason, failed with reason."""

    done: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def _bulk_moves(ledger: Ledger, user: Any) -> list[Move]:
    steps = ledger.flow.moves.values() if ledger.flow else ()
    return [step for step in steps if not step.needs and may(user, step.permission)]


def verbs_of(ledger: Ledger, user: Any, query: str = "") -> list[Action]:
    """Verbs the person may use on chosen rows; ``query`` is the list's query string, for 选中全部."""
    url = f"{ledger.url}bulk?{query}" if query else f"{ledger.url}bulk"
    found = [Action(step.title, post=url, name="verb", value=step.name) for step in _bulk_moves(ledger, user)]
    if not ledger.readonly and may(user, ledger.permission("archive")):
        effect = "归档后只能查看，不能再改"
        found.append(
            Action("归档", post=url, name="verb", value="archive", confirm="归档选中的记录", effect=effect)
        )
    return found


def perform_on(actor: Actor, ledger: Ledger, verb: str, chosen: list[int]) -> Answer:
    """Do the verb on each record the person may see; Missing for a verb not offered."""
    if verb not in {action.value for action in verbs_of(ledger, actor.user)}:
        raise Missing
    answer = Answer()
    found = {record.pk: record for record in rows(ledger, actor.user).filter(pk__in=chosen[:LIMIT])}
    for pk in dict.fromkeys(chosen[:LIMIT]):
        _one(actor, ledger, verb, found.get(pk), answer)
    return answer


def _one(actor: Actor, ledger: Ledger, verb: str, record: Any, answer: Answer) -> None:
    if record is None:
        answer.failed.append(("", "没有找到"))
        return
    name = str(record)
    try:
        if verb == "archive":
            put_away(actor, ledger, record)
        else:
            perform(actor, record, verb)
    except Refusal as refusal:
        why = refusal.message or "没有权限"
        (answer.skipped if refusal.status == 409 else answer.failed).append((name, why))
    else:
        answer.done.append(name)
