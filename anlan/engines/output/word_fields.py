"""What a Word template of a ledger can name, and the values of a record under those names, masked as on the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.output.exporting import offered
from anlan.engines.output.paper import cell_words
from anlan.engines.registry.api import MASKED, Datum, Ledger, events
from anlan.kernel import clock

COMMON = {"台账": "台账的名称", "打印人": "打印的人", "打印日期": "打印的那一天"}
UNIT, HISTORY = "所属单位", "办理记录"
STEPS = ["时间", "事项", "经办人", "意见"]
UNPRINTABLE = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Placeholder:
    """A datum by the name a template's author writes, made of its title; ``code`` works as well and never changes."""

    name: str
    code: str
    title: str


def placeholders(ledger: Ledger) -> list[Placeholder]:
    """Every datum of a row; where two titles agree, the later one goes by its code."""
    taken = {*COMMON, UNIT, HISTORY}
    found = []
    for item in _data(ledger):
        name = re.sub(r"\W", "", item.title)
        if not name.isidentifier() or name in taken:
            name = item.name
        taken.add(name)
        found.append(Placeholder(name, item.name, item.title))
    return found


def _data(ledger: Ledger) -> list[Datum]:
    return list({item.name: item for item in (*ledger.column_data, *ledger.fact_data)}.values())


def vocabulary(ledger: Ledger) -> dict[str, Any]:
    """The names in words of the confined child: anywhere, only in the body, and the lists with their keys."""
    known = placeholders(ledger)
    names = [*COMMON, UNIT, *(one.name for one in known), *(one.code for one in known)]
    return {"names": names, "edge": list(COMMON), "rows": {HISTORY: STEPS}}


def common_values(actor: Actor, ledger: Ledger) -> dict[str, str]:
    """What is the same for all records of a document."""
    return {"台账": ledger.title, "打印人": actor.name, "打印日期": f"{clock.today():%Y-%m-%d}"}


def values(actor: Actor, ledger: Ledger, records: list[Any]) -> Iterator[dict[str, Any]]:
    """Per record everything a template can name; what the person does not see is empty."""
    seen = {item.name for item in offered(ledger, actor.user)}
    data, known, common = _data(ledger), placeholders(ledger), common_values(actor, ledger)
    for record in records:
        said: dict[str, Any] = {**common, UNIT: str(record.org), HISTORY: list(_steps(ledger, record))}
        for item, one in zip(data, known, strict=True):
            text = printable(MASKED.plain(item, record)) if item.name in seen else ""
            said |= {one.name: text, one.code: text}
        yield said


def _steps(ledger: Ledger, record: Any) -> Iterator[dict[str, str]]:
    for one in events(ledger, record):
        yield dict(zip(STEPS, map(printable, (one.at, one.title, one.who, one.text)), strict=True))


def printable(value: Any) -> str:
    """A value as text that XML can carry."""
    return UNPRINTABLE.sub("", cell_words(value))
