"""Indicators as a sheet: a whole tree out and into another scheme, and copies of branches (KG.06, KG.07)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from anlan.engines.audit.api import Actor, create
from anlan.engines.exchange.api import Column, read_upload, texts, titles_of, write_sheet
from anlan.engines.files.api import Incoming
from anlan.engines.rounds.schemes import FROZEN
from anlan.kernel.errors import Conflict, Rejected

COLUMNS = (
    Column("code", "编号", required=True),
    Column("title", "指标", required=True),
    Column("parent", "上级指标编号"),
    Column("standard", "标准分"),
    Column("step", "评分步长"),
    Column("options", "评分选项"),
    Column("weight", "权重"),
    Column("detail", "说明"),
)
SCORES = {"standard": None, "step": Decimal("0.5"), "weight": Decimal(1)}
SHOWN = 20


def write_tree(path: Path, scheme: Any) -> int:
    """The indicators of a scheme as an .xlsx file; how many."""
    rows = scheme.indicators.filter(archived_at=None)
    lines = [[getattr(one, column.name) for column in COLUMNS] for one in rows]
    return write_sheet(path, titles_of(COLUMNS), lines, name=str(scheme))


@transaction.atomic
def read_tree(actor: Actor, scheme: Any, upload: Incoming) -> int:
    """Every indicator of the sheet into the scheme, or none; how many.

    Conflict for a scheme in use, Rejected (field ``file``) with each faulty row and its reason.
    """
    if scheme.frozen:
        raise Conflict(FROZEN)
    faults: list[str] = []
    there = scheme.indicators.filter(archived_at=None).count()
    lines = enumerate(_read(upload, faults), there)
    rows = [(number, values | {"place": place}) for place, (number, values) in lines]
    for number, values in _parents_first(rows):
        try:
            create(actor, _indicator(scheme, values))
        except (Rejected, Conflict, ValidationError) as refused:
            faults.append(f"第 {number} 行：{_words(refused)}")
    if faults:
        more = [f"等 {len(faults)} 行"] if len(faults) > SHOWN else []
        raise Rejected({"file": [*faults[:SHOWN], *more]})
    return len(rows)


@transaction.atomic
def copy_branch(actor: Actor, indicator: Any, scheme: Any, parent: str = "") -> int:
    """An indicator with all below it into a scheme, under ``parent``; how many. Nothing for a code that is there."""
    if scheme.frozen:
        raise Conflict(FROZEN)
    branch = list(_branch(list(indicator.scheme.indicators.filter(archived_at=None)), indicator))
    taken = scheme.indicators.filter(archived_at=None, code__in=[one.code for one in branch])
    if codes := "、".join(taken.values_list("code", flat=True)):
        raise Rejected({"scheme": f"目标类别里已有这些编号：{codes}"})
    names = [column.name for column in COLUMNS] + ["place"]
    for one in branch:
        values = {name: getattr(one, name) for name in names}
        values["parent"] = parent if one.pk == indicator.pk else one.parent
        create(actor, _indicator(scheme, values))
    return len(branch)


def _indicator(scheme: Any, values: dict[str, Any]) -> Any:
    return scheme.indicators.model(org=scheme.org, scheme=scheme, **values)


def _branch(rows: Iterable[Any], top: Any) -> Iterator[Any]:
    yield top
    for one in rows:
        if one.parent == top.code:
            yield from _branch(rows, one)


def _read(upload: Incoming, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows that can be read, with their number in the file; what is wrong with the others goes to ``faults``."""
    for number, said, found in texts(read_upload(upload, titles=titles_of(COLUMNS)), COLUMNS):
        values: dict[str, Any] = dict(said)
        problems = dict(found)
        for name, usual in SCORES.items():
            try:
                values[name] = Decimal(values[name]) if values.get(name) else usual
            except InvalidOperation:
                problems[name] = "不是数字"
        if problems:
            titles = {column.name: column.title for column in COLUMNS}
            faults.append(
                f"第 {number} 行：" + "；".join(f"{titles[name]}{why}" for name, why in problems.items())
            )
        else:
            yield number, values


def _parents_first(rows: list[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """Branches before what hangs on them, otherwise in the order of the file."""
    above = {values["code"]: values.get("parent", "") for _, values in rows}

    def depth(code: str) -> int:
        steps = 0
        while (code := above.get(code, "")) and steps <= len(above):
            steps += 1
        return steps

    return sorted(rows, key=lambda row: depth(row[1]["code"]))


def _words(refused: Any) -> str:
    return str(refused) if isinstance(refused, Rejected | Conflict) else "；".join(refused.messages)
