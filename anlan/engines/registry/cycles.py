"""The calendar of checks: when a thing is due next, from a rule and what was done so far. Pure: days come in.

Days are counted by the calendar (29 February, ends of months) from one anchor, so that nothing drifts.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anlan.engines.tasks.api import months_later

SCRAP = "scrap"


@dataclass(frozen=True)
class Check:
    """One kind of check of a rule; lengths in months.

    ``first``: from the start to the first check; 0: as ``every``. ``years``: ages in years at which this
    check is due instead; after the last of them it is due every year, and at other ages the check without
    years. ``early``: how long before its date a check may be made without moving the next one. ``days``: the
    length in days of what is checked more often than monthly, instead of all the others.
    """

    code: str
    title: str
    every: int = 12
    first: int = 0
    years: tuple[int, ...] = ()
    early: int = 0
    days: int = 0


@dataclass(frozen=True)
class Rule:
    """Checks of a kind of thing; lengths in months, 0 for none.

    ``scrap``: end of life from the start. ``restart``: out of use for this long, the first check comes
    before it is used again. ``whole_month``: a date means its whole month.
    """

    code: str
    title: str
    checks: tuple[Check, ...]
    scrap: int = 0
    restart: int = 0
    whole_month: bool = False

    def check(self, code: str) -> Check | None:
        """The check of this code."""
        return next((item for item in self.checks if item.code == code), None)


@dataclass(frozen=True)
class Done:
    """A check that was made; ``until`` is the next date its report names, where it names one."""

    day: date
    check: str
    passed: bool = True
    until: date | None = None


@dataclass(frozen=True)
class Pause:
    """Out of use from ``since``; ``until`` is empty while it lasts."""

    since: date
    until: date | None = None


@dataclass(frozen=True)
class Due:
    """What is due next, and when."""

    check: str
    title: str
    on: date


def next_due(
    rule: Rule, start: date | None, done: Sequence[Done] = (), pauses: Sequence[Pause] = ()
) -> Due | None:
    """What is due next; None without a start, or without any check and end of life."""
    if start is None:
        return None
    passed = sorted((item for item in done if item.passed), key=lambda item: item.day)
    by_age = any(check.years for check in rule.checks)
    found = [_by_age(rule, start, passed, pauses)] if by_age else _each(rule, start, passed)
    if rule.scrap:
        found.append(Due(SCRAP, "报废", months_later(start, rule.scrap)))
    # On the same day the end of life is what counts.
    return min(found, key=lambda due: (due.on, due.check != SCRAP), default=None)


def _each(rule: Rule, start: date, passed: Sequence[Done]) -> list[Due]:
    """Every check by its own rhythm."""
    return [
        Due(
            check.code,
            check.title,
            _next_of(rule, check, start, [d for d in passed if d.check == check.code]),
        )
        for check in rule.checks
    ]


def _next_of(rule: Rule, check: Check, start: date, passed: Sequence[Done]) -> date:
    if check.days:
        last = passed[-1] if passed else Done(start, check.code)
        return last.until or last.day + timedelta(days=check.days)
    anchor, steps = start, check.first or check.every
    for item in passed:
        due = _date(rule, anchor, steps)
        if item.until:
            anchor, steps = item.until, 0
        elif check.early and _in_time(rule, check, due, item.day):
            # Made within the early limit: the same rhythm goes on from the same anchor.
            steps += check.every
        else:
            anchor, steps = item.day, check.every
    return _date(rule, anchor, steps)


def _by_age(rule: Rule, start: date, passed: Sequence[Done], pauses: Sequence[Pause]) -> Due:
    """Checks of an age: one kind in the years named, the other between them."""
    major = next(check for check in rule.checks if check.years)
    anchor, origin, age = start, 0, 1
    open_pauses = [pause for pause in pauses if rule.restart]
    for item in passed:
        due = _date(rule, anchor, 12 * (age - origin))
        ended = [
            pause for pause in open_pauses if pause.since <= item.day and _is_long(rule, pause, item.day)
        ]
        if item.check != major.code:
            wanted = _at_age(rule, age)
            age += wanted.code == item.check and item.day >= _opens(rule, wanted, due)
        elif not ended and _in_time(rule, major, due, item.day):
            age += 1
        else:
            # The month of the last supervised check is the month of all that follow.
            anchor = item.day
            origin = max(age - bool(ended), _years(start, item.day))
            age = origin + 1
            open_pauses = [pause for pause in open_pauses if pause not in ended]
    wanted = _at_age(rule, age)
    return Due(wanted.code, wanted.title, _date(rule, anchor, 12 * (age - origin)))


def _at_age(rule: Rule, age: int) -> Check:
    """The check due at an age in years."""
    major = next(check for check in rule.checks if check.years)
    minor = next((check for check in rule.checks if not check.years), major)
    return major if age in major.years or age > max(major.years) else minor


def _in_time(rule: Rule, check: Check, due: date, day: date) -> bool:
    """Made between the early limit and the date."""
    return _opens(rule, check, due) <= day <= due


def _opens(rule: Rule, check: Check, due: date) -> date:
    """From when on a check counts for its date."""
    if rule.whole_month:
        return months_later(due.replace(day=1), -check.early)
    return months_later(due, -check.early)


def _date(rule: Rule, anchor: date, months: int) -> date:
    day = months_later(anchor, months)
    return day.replace(day=monthrange(day.year, day.month)[1]) if rule.whole_month else day


def _years(start: date, day: date) -> int:
    """Whole years from ``start`` to ``day``."""
    return max(0, (day.year * 12 + day.month - start.year * 12 - start.month) // 12)


def _is_long(rule: Rule, pause: Pause, today: date) -> bool:
    if not rule.restart:
        return False
    return months_later(pause.since, rule.restart) <= min(pause.until or today, today)


def wants_restart_check(rule: Rule, done: Sequence[Done], pause: Pause, today: date) -> bool:
    """Whether something out of use may only be used again after the first check of its rule."""
    if not rule.checks or not _is_long(rule, pause, today):
        return False
    major = rule.checks[0].code
    return not any(item.passed and item.check == major and item.day > pause.since for item in done)
