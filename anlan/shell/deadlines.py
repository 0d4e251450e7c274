"""Deadlines in words: how long there is, before the date itself."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from anlan.kernel import clock

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Due:
    """A deadline in words: relative text, the date below, full time, tone (late, todo or empty)."""

    text: str
    below: str
    full: str
    tone: str


def local(moment: datetime | date) -> datetime:
    """Return the moment in the site's time zone; a bare date means the end of that day."""
    if isinstance(moment, datetime):
        return moment.astimezone(clock.zone()) if moment.tzinfo else moment.replace(tzinfo=clock.zone())
    return datetime.combine(moment, time(23, 59), clock.zone())


def short_date(day: date, now: date) -> str:
    """Return ``10-18``, with the year only when it differs from now."""
    return f"{day:%m-%d}" if day.year == now.year else f"{day:%Y-%m-%d}"


def moment_words(moment: datetime, now: datetime | None = None) -> str:
    """Return a past or coming moment as ``今天 17:00``, ``昨天 09:12``, ``10-18 17:00``."""
    at, today = local(moment), local(now or clock.now())
    days = (at.date() - today.date()).days
    day = {0: "今天", -1: "昨天", 1: "明天"}.get(days) or short_date(at.date(), today.date())
    return f"{day} {at:%H:%M}"


def long_words(moment: datetime | date) -> str:
    """Return a full date for people who plan: ``2026-10-20 周二 17:00``."""
    at = local(moment)
    words = f"{at:%Y-%m-%d} 周{WEEKDAYS[at.weekday()]}"
    return f"{words} {at:%H:%M}" if isinstance(moment, datetime) else words


def remaining(span: timedelta) -> str:
    """Return what is left of a day: ``还剩 7 小时`` or ``还剩 25 分钟``."""
    minutes = max(0, int(span.total_seconds() // 60))
    return f"还剩 {minutes // 60} 小时" if minutes >= 60 else f"还剩 {minutes} 分钟"


def due(deadline: datetime | date | None, now: datetime | None = None, closed: bool = False) -> Due:
    """Put a deadline into words.

    A closed record never shows as late: only its date is printed. ``None`` prints 无期限.
    """
    if deadline is None:
        return Due("无期限", "", "", "")
    at, here = local(deadline), local(now or clock.now())
    with_time = isinstance(deadline, datetime)
    full = long_words(deadline)
    day = short_date(at.date(), here.date())
    stamp = f"{day} {at:%H:%M}" if with_time else day
    if closed:
        return Due(stamp, "", full, "")
    days = (at.date() - here.date()).days
    if at < here:
        return Due(f"逾期 {-days} 天" if days else _hours_late(here - at), stamp, full, "late")
    if days == 0:
        return Due(
            f"今天 {at:%H:%M}" if with_time else "今天",
            remaining(at - here),
            full,
            "todo",
        )
    return Due(f"还有 {days} 天", stamp, full, "todo" if days == 1 else "")


def _hours_late(span: timedelta) -> str:
    minutes = max(1, int(span.total_seconds() // 60))
    return f"逾期 {minutes // 60} 小时" if minutes >= 60 else f"逾期 {minutes} 分钟"
