"""What a domain says about its process of evaluation; tables, flows, ledgers and pages follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import Kind, Record, declare_permission
from anlan.kernel.errors import Missing
from anlan.kernel.registry import Registry

Owed = Literal["always", "below", "freely"]
TABLES = ("Scheme", "Indicator", "Round", "Entry", "Item", "Panel", "Sheet", "Verdict")
REPORTED = ("Report", "Problem")
OVERSEE = "rounds.oversee"
ANY_SCHOOL = Q(kind=Kind.SCHOOL)


@dataclass(frozen=True)
class Text:
    """A text a judge writes beside a score: always, only below the standard score, or freely."""

    code: str
    title: str
    owed: Owed = "always"


@dataclass(frozen=True)
class Process:
    """One process of evaluation. ``code`` is the label of the application that holds its tables.

    ``runs``: roles of the department in charge; ``leads``: those who aggregate, review and confirm, the department
    unless said otherwise; ``takes_part``: those who fill in for a participant; ``watches``: those who look on from
    above; ``judges``, ``writers``: those who may be chosen as judges and, where reports are written, as writers.
    ``subject``: what is evaluated, in words; ``among``: the units it is chosen from. ``explains_below``: an own score
    below the standard needs an explanation. ``dated``: nothing is published without a last day. ``whole``: no
    entry is handed in with items left open, demanded or not. ``own_rows``: participants open the pages by indicator,
    with their own row. ``least_judges``: of a panel. ``summed``: codes of the
    texts the lead sums up for each indicator, the first of which is owed; ``demanded``: the one that becomes a demand
    to rectify.
    """

    code: str
    title: str
    area: str
    group: str
    runs: str
    takes_part: str
    texts: tuple[Text, ...]
    watches: str = ""
    judges: str = "judge"
    subject: str = "学校"
    among: Q = ANY_SCHOOL
    leads: str = ""
    writers: str = ""
    summed: tuple[str, ...] = ()
    demanded: str = ""
    explains_below: bool = True
    dated: bool = False
    whole: bool = True
    own_rows: bool = True
    least_judges: int = 1
    order: int = 400

    @property
    def decides(self) -> str:
        """Roles that aggregate, review and confirm."""
        return self.leads or self.runs

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the models of this process."""
        return TABLES + (REPORTED if self.writers else ())

    def right(self, name: str) -> str:
        """The right ``name`` of this process, such as ``sheets.score``."""
        return f"{self.code}.{name}"

    def table(self, name: str) -> Any:
        """The model of this process by its name: one of ``tables``."""
        return apps.get_model(self.code, name)

    def url(self, tail: str) -> str:
        """Address of a page of the engine about this process."""
        return f"/evaluations/{self.code}/{tail}"


def related(table: str, name: str, words: str) -> Any:
    """A relation to another table of the same process; the domain's application says which process that is.

    The type checker's plugin wants to see the table where the relation is written, hence the ``ignore`` there.
    """
    return models.ForeignKey(table, models.PROTECT, related_name=name, verbose_name=words)


def _verify(process: Process) -> Iterator[str]:
    for name in process.tables:
        if not issubclass(process.table(name), Record):
            yield f"{name} is no record"
    if len({text.code for text in process.texts}) < len(process.texts):
        yield "a text is declared twice"
    known = {text.code for text in process.texts}
    if unknown := {*process.summed, process.demanded} - known - {""}:
        yield f"no such text: {sorted(unknown)}"


processes: Registry[Process] = Registry("process of evaluation", _verify)


def process_of(record: Any) -> Process:
    """The process whose table the record lies in."""
    return processes[record._meta.app_label]


def process_named(code: str) -> Process:
    """The process of an address; Missing for an unknown one."""
    found = processes.get(code)
    if found is None:
        raise Missing
    return found


def enrol(process: Process) -> Process:
    """Make the process and its rights known."""
    rights = {
        "entries.fill": ("填报自评", process.takes_part),
        "sheets.score": ("评分", process.judges),
    }
    rights[OVERSEE] = ("查看全部进度、得分和分析", f"{process.runs} {process.decides}")
    if process.writers:
        rights["reports.write"] = ("编写报告", process.writers)
    for name, (title, roles) in rights.items():
        declare_permission(
            process.right(name), f"{process.title}：{title}", tuple(dict.fromkeys(roles.split()))
        )
    return processes.add(process.code, process)
