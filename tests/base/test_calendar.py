"""Holidays, make-up working days, terms."""

from datetime import date

import pytest

from anlan.base.calendar import CalendarSpan, Term, is_working_day, load_holidays, loaded_calendar, term_of
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.tasks.api import working_days_after
from anlan.kernel.errors import Rejected

pytestmark = pytest.mark.django_db


@pytest.fixture
def holidays(tree):
    return load_holidays(SYSTEM, tree.province)


def test_deadlines_jump_over_the_national_day_and_count_the_worked_weekend(holidays):
    # 2026: 1-7 October off, Saturday 10 October worked.
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days_after(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_plain_weeks_need_no_entry(holidays):
    assert is_working_day(date(2026, 3, 11))
    assert not is_working_day(date(2026, 3, 14))


def test_seeds_are_marked_unverified_and_come_once(holidays, tree):
    assert holidays > 20
    assert not CalendarSpan.objects.unscoped().filter(verified=True).exists()
    assert load_holidays(SYSTEM, tree.province) == 0


def test_a_later_entry_wins(holidays, tree):
    day = date(2026, 10, 2)
    create(SYSTEM, CalendarSpan(org=tree.county, first=day, last=day, kind="workday", name="抗台值守"))
    assert is_working_day(day)
    assert loaded_calendar(date(2026, 9, 1), date(2026, 12, 31))(day)


def test_the_bulk_calendar_agrees_with_the_daily_one(holidays):
    works = loaded_calendar(date(2026, 1, 1), date(2026, 12, 31))
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + number) for number in range(0, 365, 3)]
    assert [works(day) for day in days] == [is_working_day(day) for day in days]


def test_a_school_follows_the_term_of_the_nearest_unit_above(tree):
    spans = {"first": date(2026, 9, 1), "last": date(2027, 1, 20)}
    create(SYSTEM, Term(org=tree.province, name="省", code="p", **spans))
    create(SYSTEM, Term(org=tree.county, name="县", code="c", **spans))
    assert term_of(tree.school, date(2026, 10, 1)).name == "县"
    assert term_of(tree.far_school, date(2026, 10, 1)).name == "省"
    assert term_of(tree.school, date(2026, 8, 1)) is None


def test_overlapping_and_reversed_terms_are_refused(tree):
    create(SYSTEM, Term(org=tree.county, name="一", code="1", first=date(2026, 9, 1), last=date(2027, 1, 20)))
    with pytest.raises(Rejected) as refused:
        create(
            SYSTEM, Term(org=tree.county, name="二", code="2", first=date(2027, 1, 1), last=date(2027, 7, 1))
        )
    assert "重叠" in refused.value.fields["first"][0]
    with pytest.raises(Rejected):
        create(
            SYSTEM, Term(org=tree.county, name="三", code="3", first=date(2028, 1, 2), last=date(2028, 1, 1))
        )
