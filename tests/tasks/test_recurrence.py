"""Recurrence arithmetic: month ends, leap years, terms, holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.engines.tasks.recurrence import Repeat, Rhythm, months_later, school_days

START = date(2026, 9, 7)


def days(repeat: str, start: date, end: date, until: date | None = None, **more) -> list[date]:
    return [opening.day for opening in Rhythm(repeat, start, end, **more).openings(until)]


def test_a_weekly_plan_over_four_weeks_has_four_rounds():
    assert days(Repeat.WEEKLY, START, START + timedelta(days=27)) == [
        date(2026, 9, 7),
        date(2026, 9, 14),
        date(2026, 9, 21),
        date(2026, 9, 28),
    ]


def test_a_plan_that_does_not_repeat_has_one_round():
    assert days(Repeat.ONCE, START, date(2027, 1, 1)) == [START]


def test_both_ends_are_included():
    assert days(Repeat.DAILY, START, START + timedelta(days=2)) == [
        START + timedelta(days=n) for n in range(3)
    ]
    assert days(Repeat.DAILY, START, START) == [START]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
    ],
)
def test_months_end_on_their_last_day_and_find_their_day_again(start, months, expected):
    assert months_later(start, months) == expected


def test_a_custom_interval_counts_calendar_days():
    assert days(Repeat.INTERVAL, date(2028, 2, 27), date(2028, 3, 4), interval_days=2) == [
        date(2028, 2, 27),
        date(2028, 2, 29),
        date(2028, 3, 2),
        date(2028, 3, 4),
    ]


@pytest.mark.parametrize("interval", [0, -1])
def test_an_interval_that_is_not_positive_is_refused(interval):
    with pytest.raises(ValueError, match="at least one day"):
        days(Repeat.INTERVAL, START, START, interval_days=interval)


def test_a_round_per_term_opens_with_the_term_or_with_the_plan():
    terms = [(date(2026, 9, 1), date(2027, 1, 20)), (date(2027, 2, 22), date(2027, 7, 5))]
    assert days(Repeat.TERM, START, date(2027, 8, 1), terms=terms) == [START, date(2027, 2, 22)]
    assert days(Repeat.TERM, date(2026, 8, 1), date(2027, 1, 1), terms=terms) == [date(2026, 9, 1)]


def national_day(day: date) -> bool:
    return day.weekday() < 5 and not date(2026, 10, 1) <= day <= date(2026, 10, 7)


def test_a_daily_round_on_a_holiday_does_not_take_place():
    found = days(Repeat.DAILY, date(2026, 9, 29), date(2026, 10, 9), open_on=national_day)
    assert found == [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]


def test_a_weekly_round_on_a_holiday_moves_within_its_week_and_keeps_its_number():
    rhythm = Rhythm(Repeat.WEEKLY, date(2026, 9, 28), date(2026, 10, 16), open_on=national_day)
    moved = Rhythm(Repeat.WEEKLY, date(2026, 9, 20), date(2026, 10, 16), open_on=national_day)
    assert [(o.number, o.day) for o in rhythm.openings()] == [
        (1, date(2026, 9, 28)),
        (2, date(2026, 10, 8)),
        (3, date(2026, 10, 12)),
    ]
    assert [(o.number, o.day) for o in moved.openings()][:2] == [
        (1, date(2026, 9, 21)),
        (2, date(2026, 9, 28)),
    ]


def test_a_week_without_an_open_day_has_no_round():
    rhythm = Rhythm(Repeat.WEEKLY, date(2026, 9, 24), date(2026, 10, 16), open_on=national_day)
    assert [opening.number for opening in rhythm.openings()] == [1, 3, 4]


def test_a_vacation_between_two_terms_has_no_rounds_and_unknown_time_has():
    terms = [(date(2026, 9, 1), date(2027, 1, 20)), (date(2027, 2, 22), date(2027, 7, 5))]
    open_on = school_days(lambda day: day.weekday() < 5, terms)
    found = days(Repeat.WEEKLY, date(2027, 1, 11), date(2027, 3, 2), open_on=open_on)
    assert found == [date(2027, 1, 11), date(2027, 1, 18), date(2027, 2, 22), date(2027, 3, 1)]
    assert open_on(date(2027, 9, 1))


@given(
    repeat=st.sampled_from([Repeat.DAILY, Repeat.WEEKLY, Repeat.MONTHLY, Repeat.INTERVAL]),
    start=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    length=st.integers(0, 200),
    interval=st.integers(1, 40),
    cut=st.integers(0, 200),
)
def test_looking_earlier_or_later_never_changes_a_round(repeat, start, length, interval, cut):
    end = start + timedelta(days=length)
    whole = list(Rhythm(repeat, start, end, interval, open_on=national_day).openings())
    early = list(
        Rhythm(repeat, start, end, interval, open_on=national_day).openings(start + timedelta(days=cut))
    )
    assert early == [opening for opening in whole if opening.day <= start + timedelta(days=cut)]
    assert len({opening.day for opening in whole}) == len(whole)
    assert all(start <= opening.day <= end and national_day(opening.day) for opening in whole)
