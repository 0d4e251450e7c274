"""What a domain says about its process of evaluation; tables, flows, ledgers and pages follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db import models

from anlan.engines.org.api import Record, declare_permission
from anlan.kernel.errors import Missing
from anlan.kernel.registry import Registry

Owed = Literal["always", "below", "freely"]
TABLES = ("Scheme", "Indicator", "Round", "Entry", "Item", "Panel", "Sheet", "Verdict")


@dataclass(frozen=True)
class Text:
    """A text a judge writes beside a score: always, only below the standard score, or freely."""

    code: str
    title: str
    owed: Owed = "always"


@dataclass(frozen=True)
class Process:
    """One process of evaluation. ``code`` is the label of the application that holds its tables.

    ``runs``: roles of the department in charge; ``takes_part``: those who fill in for a participant; ``watches``:
    those who look on from above; ``judges``: those who may be chosen as judges. ``subject``: what is evaluated,
    in words. ``explains_below``: an own score below the standard needs an explanation. ``least_judges``: of a panel.
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
    explains_below: bool = True
    least_judges: int = 1
    order: int = 400

    def right(self, name: str) -> str:
        """The right ``name`` of this process, such as ``sheets.score``."""
        return f"{self.code}.{name}"

    def table(self, name: str) -> Any:
        """The model of this process by its name: Scheme, Indicator, Round, Entry, Item, Panel, Sheet, Verdict."""
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
    for name in TABLES:
        if not issubclass(process.table(name), Record):
            yield f"{name} is no record"
    if len({text.code for text in process.texts}) < len(process.texts):
        yield "a text is declared twice"


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
    for name, (title, roles) in rights.items():
        declare_permission(process.right(name), f"{process.title}：{title}", tuple(roles.split()))
    return processes.add(process.code, process)
