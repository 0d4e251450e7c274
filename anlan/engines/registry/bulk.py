"""Bulk verbs: moves that ask for nothing, and archiving; each record answers for itself (ui.md 7.6)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may
from anlan.engines.registry.access import rows
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.saving import kept, put_away
from anlan.engines.workflow.api import Move, perform
from anlan.kernel.errors import Missing, Refusal
from anlan.shell.parts import Action

LIMIT = 200
ARCHIVE = "archive"


@dataclass
class Answer:
    """What became of each chosen record: done, skipped with reason, failed with reason."""

    done: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def _bulk_moves(ledger: Ledger) -> list[Move]:
    return [step for step in ledger.moves if not step.needs]


def verbs_of(ledger: Ledger, user: Any, query: str = "") -> list[Action]:
    """Verbs the person may use on chosen rows; ``query`` is the list's query string, for 选中全部."""
    url = f"{ledger.url}bulk?{query}" if query else f"{ledger.url}bulk"
    steps = [step for step in _bulk_moves(ledger) if may(user, step.permission)]
    found = [Action(step.title, post=url, name="verb", value=step.name) for step in steps]
    if not ledger.readonly and may(user, ledger.permission("archive")):
        effect = "归档后只能查看，不能再改"
        found.append(
            Action("归档", post=url, name="verb", value=ARCHIVE, confirm="归档选中的记录", effect=effect)
        )
    return found


def fitting(ledger: Ledger) -> Callable[[Any], str]:
    """The function that names the verbs which a row's state allows, as words; rights aside."""
    steps = [(step.name, frozenset(step.sources)) for step in _bulk_moves(ledger)]

    def names(row: Any) -> str:
        open_now = row.archived_at is None
        found = [name for name, sources in steps if open_now and row.state in sources]
        if not ledger.readonly and not kept(ledger, row):
            found.append(ARCHIVE)
        return " ".join(found)

    return names


def check_verb(ledger: Ledger, user: Any, verb: str) -> Action:
    """The verb as offered; Missing for one that is not."""
    found = next((action for action in verbs_of(ledger, user) if action.value == verb), None)
    if found is None:
        raise Missing
    return found


def perform_on(actor: Actor, ledger: Ledger, verb: str, chosen: list[int]) -> Answer:
    """Do the verb on each record the person may see; Missing for a verb not offered."""
    check_verb(ledger, actor.user, verb)
    answer = Answer()
    for pk, record in found_of(actor, ledger, chosen).items():
        outcome, name, why = one_of(actor, ledger, verb, record)
        if outcome == "done":
            answer.done.append(name)
        else:
            getattr(answer, outcome).append((name or f"第 {pk} 号", why))
    return answer


def found_of(actor: Actor, ledger: Ledger, chosen: list[int]) -> dict[int, Any]:
    """The chosen records in order of choice; None for what the person may not see."""
    found = {record.pk: record for record in rows(ledger, actor.user).filter(pk__in=chosen)}
    return {pk: found.get(pk) for pk in dict.fromkeys(chosen)}


def one_of(actor: Actor, ledger: Ledger, verb: str, record: Any) -> tuple[str, str, str]:
    """Do the verb on one record: outcome (done, skipped, failed), its name, the reason."""
    if record is None:
        return "failed", "", "没有找到"
    name = str(record)
    try:
        if verb == ARCHIVE:
            put_away(actor, ledger, record)
        else:
            perform(actor, record, verb)
    except Refusal as refusal:
        return "skipped" if refusal.status == 409 else "failed", name, refusal.message or "没有权限"
    return "done", name, ""
