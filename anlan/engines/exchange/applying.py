"""Carrying an import out: all rows or only the good ones, each once, through the one write path."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.preparing import SOURCE
from anlan.engines.exchange.sessions import ImportRow, ImportSession
from anlan.engines.exchange.targets import Action, Context, Row
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Refusal, Rejected

Mode = Literal["all", "good"]
CHUNK = 25
IN_REQUEST = 200
STUCK_MINUTES = 10
State = ImportSession.State
Saver = Callable[[Row], Action]


def apply(actor: Actor, session: ImportSession, mode: Mode) -> ImportSession:
    """Store the rows: ``all`` (nothing unless every row is good) or ``good``.

    Large imports go on as a job. Conflict when applied or cancelled already, or when a row no longer fits.
    """
    target = target_of(session.target)
    target.permit(actor.user)
    if mode == "all" and session.bad:
        raise Rejected({"": f"还有 {session.bad} 行有问题，请改好后重新上传，或选择只导入没有问题的行"})
    if not session.good:
        raise Rejected({"": "没有可以导入的行"})
    with transaction.atomic():
        change(actor, session, {"state": State.APPLYING}, action="import:start", expect=_startable())
        if session.good > IN_REQUEST:
            enqueue(actor, apply_job, title=f"导入{session.title}", session=session.pk, mode=mode)
            return session
    return _carry_out(actor, session, mode, None)


def _startable() -> Q:
    """Checked, or left half-way by a server that went down: rows stored already are not stored again."""
    stuck = Q(state=State.APPLYING, updated_at__lt=clock.now() - timedelta(minutes=STUCK_MINUTES))
    return Q(state=State.CHECKED) | stuck


@background("导入")
def apply_job(job: Job, session: int, mode: Mode) -> dict[str, Any]:
    """The same outside a request; run again after a broken worker, it goes on where it stopped."""
    found: ImportSession = ImportSession.objects.unscoped().select_related("org").one(pk=session)
    if found.state == State.APPLYING:
        _carry_out(Actor.person(job.user, "import"), found, mode, job)
    return {
        "url": f"/imports/{found.uid}/",
        "text": f"新增 {found.added} 条，更新 {found.amended} 条，{found.failed} 行没有存上",
    }


def _carry_out(actor: Actor, session: ImportSession, mode: Mode, job: Job | None) -> ImportSession:
    actor = replace(actor, channel="import")
    context = _context(actor, session)
    target = target_of(session.target)
    if mode == "all":
        _all(context, session, target.saver(context), job)
    else:
        _good(session, target.saver(context), job)
    return _close(actor, session)


def _context(actor: Actor, session: ImportSession) -> Context:
    source = next((kept.uid for kept in attachments_of(session, SOURCE)), None)
    return Context(actor, session.org, session.choices, source)


def _all(context: Context, session: ImportSession, save: Saver, job: Job | None) -> None:
    try:
        with transaction.atomic():
            for place, row in enumerate(_waiting(session).iterator(CHUNK)):
                _report(job, place, session.good)
                _save(save, row)
    except RowRefused as refused:
        ImportRow.objects.filter(pk=refused.row.pk).update(problems=refused.problems, action="")
        change(
            context.actor,
            session,
            {"state": State.CHECKED, "bad": session.bad + 1},
            action="import:refused",
            expect=Q(state=State.APPLYING),
        )
        said = "；".join(refused.problems.values())
        raise Conflict(f"第 {refused.row.number} 行现在存不进去（{said}），所以一行也没有存") from None


def _good(session: ImportSession, save: Saver, job: Job | None) -> None:
    rows = list(_waiting(session))
    for start in range(0, len(rows), CHUNK):
        _report(job, start, len(rows))
        with transaction.atomic():
            for row in rows[start : start + CHUNK]:
                _try(save, row)


def _waiting(session: ImportSession) -> Any:
    return ImportRow.objects.filter(session=session, outcome="", problems={}).order_by("number")


def _report(job: Job | None, done: int, total: int) -> None:
    if job is not None and done % CHUNK == 0:
        progress(job, done, total)


class RowRefused(Exception):
    """A row that was good when checked and cannot be stored now."""

    def __init__(self, row: ImportRow, problems: dict[str, str]) -> None:
        super().__init__(row.number)
        self.row, self.problems = row, problems


def _try(save: Saver, row: ImportRow) -> None:
    try:
        with transaction.atomic():
            _save(save, row)
    except RowRefused as refused:
        ImportRow.objects.filter(pk=row.pk).update(problems=refused.problems, outcome="failed")


def _save(save: Saver, row: ImportRow) -> None:
    if not ImportRow.objects.filter(pk=row.pk, outcome="").update(outcome=row.action):
        return
    try:
        outcome = save(row.values)
    except Refusal as refusal:
        raise RowRefused(row, _problems(refusal)) from None
    if outcome != row.action:
        ImportRow.objects.filter(pk=row.pk).update(outcome=outcome)


def _problems(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, Rejected):
        return {name: "；".join(said) for name, said in refusal.fields.items()}
    if isinstance(refusal, Forbidden):
        return {"": "您没有这个单位的权限"}
    return {"": refusal.message or "没有找到"}


def _close(actor: Actor, session: ImportSession) -> ImportSession:
    tally = Counter(ImportRow.objects.filter(session=session).values_list("outcome", flat=True))
    values = {
        "state": State.APPLIED,
        "added": tally["add"],
        "amended": tally["amend"],
        "same": tally["same"],
        "failed": tally["failed"],
    }
    return change(actor, session, values, action="import", expect=Q(state=State.APPLYING))


def cancel(actor: Actor, session: ImportSession) -> ImportSession:
    """Give an import up before it was applied; Conflict afterwards."""
    return change(actor, session, {"state": State.CANCELLED}, action="import:cancel", expect=_startable())
