"""Carrying an import out: all rows or only the good ones, each once, through the one write path."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from anlan.engines.audit.api import Actor, change
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.sessions import SOURCE, ImportRow, ImportSession
from anlan.engines.exchange.targets import Action, Context, Saver
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import Job, JobCancelled, background, enqueue, progress, progress_aside
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Refusal, Rejected

Mode = Literal["all", "good"]
CHUNK = 500
IN_REQUEST = 200
STUCK_MINUTES = 10
State = ImportSession.State
UNREADY: dict[str, str] = {
    State.READING: "文件还在核对，请稍后再试",
    State.BROKEN: "这个文件读不了，请重新上传",
}


def apply(actor: Actor, session: ImportSession, mode: Mode) -> ImportSession:
    """Store the rows: ``all`` (nothing unless every row is good) or ``good``.

    Large imports go on as a job. Conflict when applied or cancelled already, or when a row no longer fits.
    """
    target = target_of(session.target)
    target.permit(actor.user)
    if session.state in UNREADY:
        raise Conflict(UNREADY[session.state])
    if mode == "all" and session.bad:
        raise Rejected({"": f"还有 {session.bad} 行有问题，请改好后重新上传，或选择只导入没有问题的行"})
    if not session.good:
        raise Rejected({"": "没有可以导入的行"})
    with transaction.atomic():
        change(
            actor, session, {"state": State.APPLYING, "job": None}, action="import:start", expect=_startable()
        )
        if session.good > IN_REQUEST:
            job = enqueue(actor, apply_job, title=f"导入{session.title}", session=session.pk, mode=mode)
            return change(actor, session, {"job": job}, action="import:queued")
    return _carry_out(actor, session, mode, None)


def _startable() -> Q:
    """Checked, stopped, or left half-way by a job that ended badly: rows stored already are not stored again."""
    ended = Q(job__state__in=(Job.State.FAILED, Job.State.CANCELLED))
    old = Q(updated_at__lt=clock.now() - timedelta(minutes=STUCK_MINUTES))
    stuck = Q(state=State.APPLYING) & (ended | (old & Q(job=None)))
    return Q(state__in=(State.CHECKED, State.STOPPED)) | stuck


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
    save = target_of(session.target).saver(context)
    try:
        if mode == "all":
            _all(context, session, save, job)
        else:
            _good(session, save, job)
    except JobCancelled:
        _close(actor, session, State.STOPPED if mode == "good" else State.CHECKED)
        raise
    return _close(actor, session, State.APPLIED)


def _context(actor: Actor, session: ImportSession) -> Context:
    source = next((kept.uid for kept in attachments_of(session, SOURCE)), None)
    return Context(actor, session.org, session.choices, source)


def _all(context: Context, session: ImportSession, save: Saver, job: Job | None) -> None:
    try:
        with progress_aside(job) as said, transaction.atomic():
            for done, rows in _pieces(session):
                said(done, session.good)
                _store(save, rows, _save)
    except RowRefused as refused:
        ImportRow.objects.filter(pk=refused.row.pk).update(problems=refused.problems, action="")
        change(
            context.actor,
            session,
            {"state": State.CHECKED, "bad": session.bad + 1},
            action="import:refused",
            expect=Q(state=State.APPLYING),
        )
        said_why = "；".join(refused.problems.values())
        raise Conflict(f"第 {refused.row.number} 行现在存不进去（{said_why}），所以一行也没有存") from None


def _good(session: ImportSession, save: Saver, job: Job | None) -> None:
    for done, rows in _pieces(session):
        if job is not None:
            progress(job, done, session.good)
        with transaction.atomic():
            _store(save, rows, _try)


def _pieces(session: ImportSession) -> Iterator[tuple[int, list[ImportRow]]]:
    """Rows still to be stored, a chunk at a time, with how many were done before it."""
    waiting = ImportRow.objects.filter(session=session, outcome="", problems={}).order_by("number")
    done, after = session.good - waiting.count(), 0
    while rows := list(waiting.filter(number__gt=after)[:CHUNK]):
        yield done, rows
        done, after = done + len(rows), rows[-1].number


class RowRefused(Exception):
    """A row that was good when checked and cannot be stored now."""

    def __init__(self, row: ImportRow, problems: dict[str, str]) -> None:
        super().__init__(row.number)
        self.row, self.problems = row, problems


def _store(save: Saver, rows: list[ImportRow], singly: Callable[[Saver, ImportRow], None]) -> None:
    """A chunk in few statements; row by row where something stands against it, to say which row it is."""
    try:
        with transaction.atomic():
            _claim(rows)
            outcomes = save.many([row.values for row in rows])
            _note(rows, outcomes)
    except (Refusal, IntegrityError):
        for row in rows:
            singly(save, row)


def _claim(rows: list[ImportRow]) -> None:
    """Take the rows, so that nobody else stores them; Conflict where somebody has."""
    mine = ImportRow.objects.filter(pk__in=[row.pk for row in rows], outcome="")
    if mine.update(outcome=F("action")) != len(rows):
        raise Conflict


def _note(rows: list[ImportRow], outcomes: list[Action]) -> None:
    """Write down what became of rows that went otherwise than foreseen."""
    other = [row for row, outcome in zip(rows, outcomes, strict=True) if outcome != row.action]
    for row, outcome in zip(rows, outcomes, strict=True):
        row.outcome = outcome
    if other:
        ImportRow.objects.bulk_update(other, ["outcome"])


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
        outcome = save.one(row.values)
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


def _close(actor: Actor, session: ImportSession, state: str) -> ImportSession:
    rows = ImportRow.objects.filter(session=session).order_by()
    tally = Counter(dict(rows.values_list("outcome").annotate(count=Count("pk"))))
    values = {
        "state": state,
        "added": tally["add"],
        "amended": tally["amend"],
        "same": tally["same"],
        "failed": tally["failed"],
    }
    action = "import" if state == State.APPLIED else "import:stopped"
    return change(actor, session, values, action=action, expect=Q(state=State.APPLYING))


def cancel(actor: Actor, session: ImportSession) -> ImportSession:
    """Give an import up before it was applied; Conflict afterwards, and for one that has begun to store rows."""
    return change(
        actor, session, {"state": State.CANCELLED}, action="import:cancel", expect=Q(state=State.CHECKED)
    )
