"""Lists as files: as filtered, masked unless the duty and a reason allow more, and always written down (X.12)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import require
from anlan.engines.output.exports import ExportFile, keep_export
from anlan.engines.registry.api import (
    CLEAR,
    MASKED,
    Datum,
    Ledger,
    Listing,
    can,
    closed_columns,
    datum,
    ledgers,
    writers,
)
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected

AS_JOB = 2000
CHUNK = 500
LIMIT = 200_000
LIST, FORM = "list", "form"


@dataclass(frozen=True)
class Wish:
    """What is to be exported: the list's query string, file format, layout (the list's columns, or those of
    the form, which can be imported again), the reason where personal data are wanted in full, and the
    ``columns`` chosen as words in their order (none: all of the layout).
    """

    code: str
    query: str = ""
    format: str = "xlsx"
    layout: str = LIST
    reason: str = ""
    columns: str = ""

    @property
    def ledger(self) -> Ledger:
        """The ledger; Missing for an unknown one, or an unknown format."""
        found = ledgers.get(self.code)
        if found is None or self.format not in writers or self.layout not in (LIST, FORM):
            raise Missing
        return found

    @property
    def file_name(self) -> str:
        """Title, day and ending."""
        return f"{self.ledger.title}-{clock.today():%Y%m%d}.{self.format}"


@dataclass
class Sheet:
    """The rows of a wish as one person may have them; ``count`` grows while they are read."""

    wish: Wish
    user: Any
    job: Job | None = None
    count: int = 0
    listing: Listing = field(init=False)

    def __post_init__(self) -> None:
        joined = sorted({need for item in self.columns for need in item.needs}) if self.wish.columns else ()
        listed = [item.name for item in self.columns if item.field is not None and item.field.many_to_many]
        query = QueryDict(self.wish.query)
        self.listing = Listing(self.wish.ledger, self.user, query, "export", joined, listed)

    @cached_property
    def columns(self) -> list[Datum]:
        """Data of a row; Rejected for a chosen one that this person does not see."""
        ledger = self.wish.ledger
        if self.wish.columns:
            return chosen(ledger, self.user, self.wish.columns.split())
        if self.wish.layout == LIST:
            closed = closed_columns(ledger, self.user)
            return [item for item in ledger.column_data if item.name not in closed]
        return [datum(ledger, name) for name in ledger.form_names]

    def total(self) -> int:
        """How many rows there are."""
        return int(self.listing.found.order_by().count())

    def rows(self) -> Iterator[list[Any]]:
        """Cells, row by row; telling the job how far it is."""
        columns, ledger, total = self.columns, self.wish.ledger, self.total() if self.job else 0
        for record in self.listing.sorted.iterator(CHUNK):
            clear = bool(self.wish.reason) and can(ledger, self.user, record, "unmask")
            eyes = CLEAR if clear else MASKED
            yield [eyes.plain(item, record) for item in columns]
            self.count += 1
            if self.job is not None and self.count % CHUNK == 0:
                progress(self.job, self.count, total)


def offered(ledger: Ledger, user: Any) -> list[Datum]:
    """Every datum of a row that the person may see, the list's columns first."""
    data = {item.name: item for item in (*ledger.column_data, *ledger.fact_data)}
    closed = closed_columns(ledger, user, list(data.values()))
    return [item for item in data.values() if item.name not in closed]


def chosen(ledger: Ledger, user: Any, names: list[str]) -> list[Datum]:
    """The data of these names in this order, each once; Rejected for one that is not offered."""
    known = {item.name: item for item in offered(ledger, user)}
    if lacking := [name for name in names if name not in known]:
        raise Rejected({"columns": f"没有这些列，或您不能查看：{'、'.join(lacking[:5])}"})
    return [known[name] for name in dict.fromkeys(names)]


def make(actor: Actor, wish: Wish, job: Job | None = None) -> tuple[bytes, int]:
    """Content and number of rows; Forbidden without the right to export. Writes the audit entry."""
    ledger = wish.ledger
    require(actor.user, ledger.permission("export"))
    if wish.reason:
        require(actor.user, ledger.permission("unmask"))
    sheet = Sheet(wish, actor.user, job)
    if (total := sheet.total()) > LIMIT:
        raise Rejected({"": f"共 {total:,} 条，一次最多导出 {LIMIT:,} 条，请先筛选"})
    titles = [item.title for item in sheet.columns]
    content = writers[wish.format].write(ledger.title, titles, sheet.rows(), note(actor, wish))
    log(
        actor,
        "export",
        title=ledger.title,
        path=actor.user.unit.path if actor.user.unit else "",
        reason=wish.reason,
        after={
            "ledger": wish.code,
            "query": wish.query,
            "format": wish.format,
            "rows": sheet.count,
            "columns": titles,
        },
    )
    return content, sheet.count


def note(actor: Actor, wish: Wish) -> str:
    """Who exported what and when; printed with the data."""
    moment = clock.now().astimezone(clock.zone())
    shown = QueryDict(wish.query)
    said = "，".join(f"{name}={'、'.join(values)}" for name, values in shown.lists() if any(values))
    return f"导出人：{actor.name}；时间：{moment:%Y-%m-%d %H:%M}；条件：{said or '全部'}"


def is_large(actor: Actor, wish: Wish) -> bool:
    """Whether the export must run as a job; Forbidden without the right."""
    require(actor.user, wish.ledger.permission("export"))
    return Sheet(wish, actor.user).total() > AS_JOB


@background("导出")
def export_job(job: Job, **wish: str) -> dict[str, Any]:
    """A large export; its person fetches the file from the message."""
    made = export_aside(Actor.person(job.user), Wish(**wish), job)
    return {"url": made.url, "text": f"{made.name}，{made.rows:,} 条；24 小时内可以下载"}


def export_aside(actor: Actor, wish: Wish, job: Job | None = None) -> ExportFile:
    """Make the file and keep it for its person."""
    content, rows = make(actor, wish, job)
    return keep_export(actor.user, wish.file_name, content, rows, job)


def start(actor: Actor, wish: Wish) -> Job:
    """Queue the export."""
    return enqueue(actor, export_job, title=f"导出{wish.ledger.title}", **vars(wish))
