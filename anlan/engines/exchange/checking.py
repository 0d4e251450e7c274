"""Judging rows before anything is stored; a large file in pieces, by a job that goes on where it was broken."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max

from anlan.engines.audit.api import Actor, change
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.parsing import Parsed, parsed
from anlan.engines.exchange.sessions import SOURCE, ImportRow, ImportSession
from anlan.engines.exchange.targets import Context, ImportTarget, Verdict
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import Job, JobCancelled, background, progress
from anlan.kernel.errors import Rejected

PIECE = 500
State = ImportSession.State


class Checked:
    """Turns parsed rows into import rows; remembers the keys seen, to point out a row that stands twice."""

    def __init__(self, target: ImportTarget, context: Context) -> None:
        self.target, self.context = target, context
        self.seen: dict[tuple[str, ...], int] = {}

    def of(self, lines: Sequence[Parsed]) -> list[ImportRow]:
        """The rows with what would become of them, not stored."""
        sound = [values for _, values, problems in lines if not problems]
        verdicts = iter(self.target.check(self.context, sound))
        return [self._row(line, verdicts) for line in lines]

    def _row(self, line: Parsed, verdicts: Iterator[Verdict]) -> ImportRow:
        number, values, problems = line
        verdict = next(verdicts) if not problems else Verdict(problems=problems)
        found = dict(verdict.problems) or self.double(values, number)
        return ImportRow(number=number, values=values, action="" if found else verdict.action, problems=found)

    def double(self, values: Mapping[str, str], number: int) -> dict[str, str]:
        """The problem of a row whose key was seen before; remembers it otherwise."""
        key = self.target.key(values)
        if not any(key):
            return {}
        first = self.seen.setdefault(key, number)
        return {} if first == number else {"": f"与第 {first} 行是同一条，请只留一行"}


@background("核对导入文件")
def check_job(job: Job, session: int) -> dict[str, Any]:
    """Read and judge the kept file, piece by piece; run again, it leaves out what is judged already."""
    found: ImportSession = ImportSession.objects.unscoped().select_related("org").one(pk=session)
    actor = Actor.person(job.user, "import")
    if found.state == State.READING:
        _check(actor, found, job)
    said = found.fault or f"共 {found.total} 行，{found.bad} 行有问题，请确认后导入"
    return {"url": f"/imports/{found.uid}/", "text": said}


def _check(actor: Actor, session: ImportSession, job: Job) -> None:
    try:
        _read(actor, session, job)
    except Rejected as refusal:
        said = "；".join(text for texts in refusal.fields.values() for text in texts)
        _forget(session)
        change(actor, session, {"state": State.BROKEN, "fault": said[:300]}, action="import:broken")
    except JobCancelled:
        _forget(session)
        change(actor, session, {"state": State.CANCELLED}, action="import:cancel")
        raise
    else:
        rows = ImportRow.objects.filter(session=session)
        values = {"state": State.CHECKED, "total": rows.count(), "bad": ImportRow.bad_of(session).count()}
        change(actor, session, values, action="import:checked")


def _read(actor: Actor, session: ImportSession, job: Job) -> None:
    target = target_of(session.target)
    target.permit(actor.user)
    checked = Checked(target, Context(actor, session.org, session.choices))
    source = attachments_of(session, SOURCE)[0]
    rows = parsed(target, checked.context, source.file.path, source.name)
    after = _judged(checked, session)
    while piece := list(islice(rows.lines, PIECE)):
        progress(job, piece[-1][0], max(rows.total, piece[-1][0]))
        made = checked.of([line for line in piece if line[0] > after])
        for row in made:
            row.session = session
        with transaction.atomic():
            ImportRow.objects.bulk_create(made)
    if not ImportRow.objects.filter(session=session).exists():
        raise Rejected({"file": "表头下面没有数据行"})


def _judged(checked: Checked, session: ImportSession) -> int:
    """Number of the last row judged before a break; its predecessors' keys are remembered again."""
    rows = ImportRow.objects.filter(session=session).order_by("number")
    for number, values in rows.filter(problems={}).values_list("number", "values").iterator(PIECE):
        checked.double(values, number)
    return int(rows.aggregate(last=Max("number"))["last"] or 0)


def _forget(session: ImportSession) -> None:
    ImportRow.objects.filter(session=session).delete()
