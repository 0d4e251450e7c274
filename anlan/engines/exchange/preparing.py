"""From a file to a checked import: small ones at once, large ones by a job that reads them in pieces."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, change, create
from anlan.engines.exchange.checking import Checked, check_job
from anlan.engines.exchange.columns import Column
from anlan.engines.exchange.parsing import Parsed, parsed
from anlan.engines.exchange.sessions import SOURCE, ImportRow, ImportSession
from anlan.engines.exchange.targets import Context, ImportTarget
from anlan.engines.files.api import Incoming, aside, attach, spool
from anlan.engines.org.api import OrgUnit, rights
from anlan.engines.tasks.api import enqueue
from anlan.kernel.errors import Rejected

AT_ONCE_ROWS = 2_000
AT_ONCE_BYTES = 1024 * 1024


def prepare(
    actor: Actor, target: ImportTarget, upload: Incoming, choices: Mapping[str, str] | None = None
) -> ImportSession:
    """Read and check a file, or have it checked by a job. Forbidden without the right, Rejected (field
    ``file``) for one that cannot be read.
    """
    target.permit(actor.user)
    chosen = _chosen(target, actor.user, choices or {})
    session = ImportSession(
        org=_unit(actor.user),
        target=target.code,
        title=target.title,
        name=PurePath(upload.name or "").name[:120],
        choices=chosen,
    )
    with aside() as path:
        spool(upload, path)
        if path.stat().st_size > AT_ONCE_BYTES:
            return _later(actor, session, upload)
        rows = parsed(target, Context(actor, session.org, chosen), path, upload.name or "")
        return _now_or_later(actor, session, target, upload, rows.lines)


def _now_or_later(
    actor: Actor, session: ImportSession, target: ImportTarget, upload: Incoming, lines: Iterator[Parsed]
) -> ImportSession:
    first = list(islice(lines, AT_ONCE_ROWS + 1))
    if len(first) > AT_ONCE_ROWS:
        return _later(actor, session, upload)
    if not first:
        raise Rejected({"file": "表头下面没有数据行"})
    rows = Checked(target, Context(actor, session.org, session.choices)).of(first)
    session.total, session.bad = len(rows), sum(bool(row.problems) for row in rows)
    with transaction.atomic():
        create(actor, session, action="import:check")
        for row in rows:
            row.session = session
        ImportRow.objects.bulk_create(rows, batch_size=500)
        attach(actor, session, upload, SOURCE)
    return session


def _later(actor: Actor, session: ImportSession, upload: Incoming) -> ImportSession:
    session.state = ImportSession.State.READING
    with transaction.atomic():
        create(actor, session, action="import:check")
        attach(actor, session, upload, SOURCE)
        job = enqueue(actor, check_job, title=f"核对{session.title}导入文件", session=session.pk)
        return change(actor, session, {"job": job}, action="import:queued")


def _unit(user: Any) -> OrgUnit:
    if user.unit is not None:
        return user.unit  # type: ignore[no-any-return]
    paths = sorted({path for held in rights(user).values() for path in held})
    return OrgUnit.objects.get(path=paths[0])


def _chosen(target: ImportTarget, user: Any, said: Mapping[str, str]) -> dict[str, str]:
    chosen = {}
    for choice in target.choices(user):
        value = said.get(choice.name, "")
        if value not in {option for option, _ in choice.options}:
            raise Rejected({choice.name: "请从列出的选项中选择"})
        chosen[choice.name] = value
    return chosen


def named(columns: Sequence[Column]) -> dict[str, str]:
    """Column titles by name."""
    return {column.name: column.title for column in columns}
