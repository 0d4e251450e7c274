"""From a file to a checked import: parse all, say what is wrong by row, column and reason."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from django.db import connection, transaction

from anlan.engines.audit.api import Actor, create
from anlan.engines.exchange.columns import Column, texts, titles_of
from anlan.engines.exchange.numbered import read_numbered_lines
from anlan.engines.exchange.sessions import ImportRow, ImportSession
from anlan.engines.exchange.sheets import read_sheet
from anlan.engines.exchange.targets import Context, ImportTarget, Verdict
from anlan.engines.files.api import Incoming, aside, attach, spool
from anlan.engines.org.api import OrgUnit, rights
from anlan.kernel.errors import Rejected

MAX_ROWS = {"postgresql": 5_000, "sqlite": 2_000}  # one transaction must not keep all other writers waiting
SOURCE = "source"
DOCUMENTS = {".docx", ".txt"}
Parsed = tuple[int, dict[str, str], dict[str, str]]


def prepare(
    actor: Actor, target: ImportTarget, upload: Incoming, choices: Mapping[str, str] | None = None
) -> ImportSession:
    """Read and check a file. Forbidden without the right, Rejected (field ``file``) for an unreadable one."""
    target.permit(actor.user)
    chosen = _chosen(target, actor.user, choices or {})
    context = Context(actor, _unit(actor.user), chosen)
    parsed = _parse(target, context, upload)
    rows = list(_checked(target, context, parsed))
    session = ImportSession(
        org=context.org,
        target=target.code,
        title=target.title,
        name=PurePath(upload.name or "").name[:120],
        choices=chosen,
        total=len(rows),
        bad=sum(bool(row.problems) for row in rows),
    )
    with transaction.atomic():
        create(actor, session, action="import:check")
        for row in rows:
            row.session = session
        ImportRow.objects.bulk_create(rows, batch_size=500)
        attach(actor, session, upload, SOURCE)
    return session


def max_rows() -> int:
    """Most rows of one import on this site's database."""
    return MAX_ROWS.get(connection.vendor, 2_000)


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


def _parse(target: ImportTarget, context: Context, upload: Incoming) -> list[Parsed]:
    name = upload.name or ""
    with aside() as path:
        spool(upload, path)
        if target.takes_documents and PurePath(name).suffix.lower() in DOCUMENTS:
            return _lines(target, context, path, name)
        columns = target.columns(context.actor.user)
        sheet = read_sheet(path, name, titles=titles_of(columns), max_rows=max_rows() + 50)
    if not sheet.rows:
        raise Rejected({"file": "表头下面没有数据行"})
    if len(sheet.rows) > max_rows():
        raise Rejected({"file": f"一次最多导入 {max_rows():,} 行，请分成几个文件"})
    return texts(sheet, columns)


def _lines(target: ImportTarget, context: Context, path: Path, name: str) -> list[Parsed]:
    return [(line.number, target.line(line.text, context), {}) for line in read_numbered_lines(path, name)]


def _checked(target: ImportTarget, context: Context, parsed: Sequence[Parsed]) -> Iterable[ImportRow]:
    sound = [values for _, values, problems in parsed if not problems]
    verdicts = iter(target.check(context, sound))
    seen: dict[tuple[str, ...], int] = {}
    for number, values, problems in parsed:
        verdict = next(verdicts) if not problems else Verdict(problems=problems)
        found = dict(verdict.problems) or _double(target, values, number, seen)
        yield ImportRow(number=number, values=values, action="" if found else verdict.action, problems=found)


def _double(
    target: ImportTarget, values: Mapping[str, str], number: int, seen: dict[tuple[str, ...], int]
) -> dict[str, str]:
    key = target.key(values)
    if not any(key):
        return {}
    first = seen.setdefault(key, number)
    return {} if first == number else {"": f"与第 {first} 行是同一条，请只留一行"}


def named(columns: Sequence[Column]) -> dict[str, str]:
    """Column titles by name."""
    return {column.name: column.title for column in columns}
