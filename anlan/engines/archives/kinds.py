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

    def before(self, day: date) -> date | None:
        """The first day whose data is not over yet on ``day``; None for ever."""
        if self.unit == EVER:
            return None
        if self.unit == DAY:
            return day - timedelta(days=self.amount)
        return next(one for one in _days_from(day.year - self.amount, day) if (self.after(one) or day) >= day)

    @property
    def days(self) -> int | None:
        """At least so many days; None for ever."""
        return None if self.unit == EVER else self.amount * (1 if self.unit == DAY else 365)

    def __str__(self) -> str:
        return "永久" if self.unit == EVER else f"{self.amount} {dict(UNITS)[self.unit]}"


def _days_from(year: int, like: date) -> Iterator[date]:
    """Days from a few before the same day of that year."""
    begin = like.replace(year=year, day=min(like.day, 28)) - timedelta(days=4)
    return (begin + timedelta(days=number) for number in range(12))


@dataclass(frozen=True)
class Kept:
    """A kind of data, how long it is kept where no unit says otherwise, and by what rule.

    ``least``: days below which no unit may go.
    """

    code: str
    title: str
    span: Span
    basis: str = ""
    least: int = 0


def _faults(kind: Kept) -> Iterator[str]:
    if kind.span.unit not in dict(UNITS):
        yield f"unknown unit {kind.span.unit}"


kinds: Registry[Kept] = Registry("kind of kept data", _faults)
RULE = "机关文件材料归档范围和文书档案保管期限规定（国家档案局令第 8 号）；默认值，可按本地规定修改"


def declare_kind(code: str, title: str, span: Span, basis: str = RULE, least: int = 0) -> Kept:
    """Declare a kind of data that has a keeping time."""
    return kinds.add(code, Kept(code, title, span, basis, least))


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
declare_kind("video", "视频录像", Span(30, DAY), "存在录像机上，本系统只核对；不少于 30 天", least=30)
declare_kind("log", "日志", Span(184, DAY), "网络日志留存不少于六个月", least=180)
declare_kind("whereabouts", "出入和考勤", Span(90, DAY), "个人行踪只留必要的时间；默认值，可按本地规定修改")


def choices() -> list[tuple[str, str]]:
    """Code and title of every kind."""
    return [(kind.code, kind.title) for kind in kinds]
