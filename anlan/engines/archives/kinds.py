"""Kinds of data with the time each is kept; a unit sets its own time for itself and all below (X.17).

The times declared here are defaults that a district changes under 保存期限: ten and thirty years are the terms of the
rules on the keeping of documents of public bodies (order no. 8 of the State Archives Administration).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from anlan.kernel.registry import Registry

DAY, YEAR, EVER = "day", "year", "ever"
UNITS = [(DAY, "天"), (YEAR, "年"), (EVER, "永久")]
LONGEST = {DAY: 3660, YEAR: 100}


@dataclass(frozen=True)
class Span:
    """How long: so many days or years, or for ever."""

    amount: int
    unit: str = YEAR

    def after(self, day: date) -> date | None:
        """The last day of what began on ``day``; None for ever."""
        if self.unit == EVER:
            return None
        if self.unit == DAY:
            return day + timedelta(days=self.amount)
        return day.replace(year=day.year + self.amount, day=min(day.day, 28))

    def __str__(self) -> str:
        return "永久" if self.unit == EVER else f"{self.amount} {dict(UNITS)[self.unit]}"


@dataclass(frozen=True)
class Kept:
    """A kind of data, how long it is kept where no unit says otherwise, and by what rule."""

    code: str
    title: str
    span: Span
    basis: str = ""


def _faults(kind: Kept) -> Iterator[str]:
    if kind.span.unit not in dict(UNITS):
        yield f"unknown unit {kind.span.unit}"


kinds: Registry[Kept] = Registry("kind of kept data", _faults)
RULE = "机关文件材料归档范围和文书档案保管期限规定（国家档案局令第 8 号）；默认值，可按本地规定修改"


def declare_kind(code: str, title: str, span: Span, basis: str = RULE) -> Kept:
    """Declare a kind of data that has a keeping time."""
    return kinds.add(code, Kept(code, title, span, basis))


for _code, _title, _years in (
    ("inspection", "检查", 10),
    ("rectification", "隐患整改", 10),
    ("incident", "突发事件", 30),
    ("notice", "通知", 10),
    ("duty", "值班", 10),
    ("plan", "计划", 10),
    ("report", "报送", 10),
    ("drill", "演练与工程", 10),
    ("equipment", "设备设施", 10),
    ("ledger", "台账", 10),
):
    declare_kind(_code, _title, Span(_years))


def choices() -> list[tuple[str, str]]:
    """Code and title of every kind."""
    return [(kind.code, kind.title) for kind in kinds]
