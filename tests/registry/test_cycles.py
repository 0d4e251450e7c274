"""Worked tables of the calendar of checks: leap years, ends of months, out of use, early checks."""

from datetime import date

import pytest

from anlan.engines.registry.cycles import SCRAP, Check, Done, Pause, Rule, next_due, wants_restart_check

LIFT = Rule(
    "lift",
    "电梯",
    (
        Check("inspection", "定期检验", years=(1, 4, 7, 9, 11, 13, 15), early=2),
        Check("self_test", "自行检测", early=1),
    ),
    restart=12,
    whole_month=True,
)
POWDER = Rule("powder", "干粉", (Check("service", "维修", first=60, every=24),), scrap=120)
WATER = Rule("water", "水基", (Check("service", "维修", first=36, every=12),), scrap=72)
BOILER = Rule("boiler", "锅炉", (Check("outer", "外部检验"), Check("inner", "内部检验", every=24)))
BUS = Rule("bus", "校车", (Check("test", "安全检验", every=6, early=3),))
START = date(2020, 3, 10)


def day(text: str) -> date:
    return date.fromisoformat(text)


def inspected(*days: str) -> list[Done]:
    return [Done(day(text), "inspection") for text in days]


def self_tested(*days: str) -> list[Done]:
    return [Done(day(text), "self_test") for text in days]


def said(rule: Rule, start: date, *done: Done, pauses: tuple[Pause, ...] = ()) -> tuple[str, str]:
    found = next_due(rule, start, done, pauses)
    assert found
    return found.check, found.on.isoformat()


def test_a_lift_is_inspected_in_the_years_of_the_regulation_and_tested_between() -> None:
    done: list[Done] = []
    kinds = {}
    for age in range(1, 20):
        due = next_due(LIFT, START, done)
        assert due
        assert due.on == date(2020 + age, 3, 31), "the month of the installation inspection, every year"
        kinds[age] = due.check
        done.append(Done(due.on, due.check))
    years = [age for age, check in kinds.items() if check == "inspection"]
    assert years == [1, 4, 7, 9, 11, 13, 15, 16, 17, 18, 19]
    assert all(kinds[age] == "self_test" for age in (2, 3, 5, 6, 8, 10, 12, 14))


@pytest.mark.parametrize(
    ("made", "following"),
    [
        ("2021-03-31", "2022-03-31"),
        ("2021-01-01", "2022-03-31"),  # two months early: the month stays
        ("2020-12-31", "2021-12-31"),  # earlier than that: the month moves
        ("2021-05-04", "2022-05-31"),  # late: the month of the last inspection counts
    ],
)
def test_an_early_inspection_does_not_move_the_next_date_within_the_limit(made: str, following: str) -> None:
    assert said(LIFT, START, *inspected(made)) == ("self_test", following)


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2022-02-01", ("self_test", "2023-03-31")),  # one month early
        ("2022-01-31", ("self_test", "2022-03-31")),  # too early: does not count
        ("2022-06-30", ("self_test", "2023-03-31")),  # late: a test moves no month
    ],
)
def test_a_self_test_counts_from_a_month_before_and_moves_nothing(made: str, due: tuple[str, str]) -> None:
    assert said(LIFT, START, *inspected("2021-03-05"), *self_tested(made)) == due


def test_a_self_test_does_not_stand_for_an_inspection_but_an_inspection_does_for_a_test() -> None:
    assert said(LIFT, START, *self_tested("2021-03-05")) == ("inspection", "2021-03-31")
    assert said(LIFT, START, *inspected("2021-03-05", "2022-03-05")) == ("self_test", "2023-03-31")


def test_a_failed_inspection_leaves_the_lift_due() -> None:
    assert said(LIFT, START, Done(day("2021-03-05"), "inspection", passed=False)) == (
        "inspection",
        "2021-03-31",
    )


def test_a_lift_out_of_use_for_a_year_is_inspected_before_it_runs_again() -> None:
    done = [*inspected("2021-03-05"), *self_tested("2022-03-05")]
    long, short = (
        Pause(day("2022-09-01"), day("2023-10-20")),
        Pause(day("2022-09-01"), day("2023-08-31")),
    )
    assert wants_restart_check(LIFT, done, Pause(day("2022-09-01")), day("2023-09-01"))
    assert not wants_restart_check(LIFT, done, Pause(day("2022-09-01")), day("2023-08-31"))
    again = [*done, *inspected("2023-10-12")]
    assert not wants_restart_check(LIFT, again, Pause(day("2022-09-01")), day("2023-10-20"))
    assert said(LIFT, START, *again, pauses=(long,)) == ("inspection", "2024-10-31"), "a new month, age 4"
    assert said(LIFT, START, *done, pauses=(short,)) == ("self_test", "2023-03-31")
    later = [*again, *inspected("2024-08-20")]
    assert said(LIFT, START, *later, pauses=(long,)) == ("self_test", "2025-10-31"), "a pause counts once"


def test_an_inspection_years_late_takes_up_the_age_of_the_lift() -> None:
    assert said(LIFT, START, *inspected("2024-06-10")) == ("self_test", "2025-06-30")
    assert said(LIFT, START, *inspected("2026-06-10")) == ("inspection", "2027-06-30")


@pytest.mark.parametrize(
    ("rule", "made_on", "serviced", "due"),
    [
        (POWDER, "2021-05-20", [], ("service", "2026-05-20")),
        (POWDER, "2021-05-20", ["2026-05-01"], ("service", "2028-05-01")),
        (POWDER, "2021-05-20", ["2026-05-01", "2028-04-30", "2030-04-30"], (SCRAP, "2031-05-20")),
        (POWDER, "2016-05-20", [], ("service", "2021-05-20")),
        (WATER, "2024-02-29", [], ("service", "2027-02-28")),
        (WATER, "2024-02-29", ["2027-02-28", "2028-02-28", "2029-02-28"], (SCRAP, "2030-02-28")),
    ],
)
def test_extinguishers_are_serviced_and_scrapped_from_manufacture(
    rule: Rule, made_on: str, serviced: list[str], due: tuple[str, str]
) -> None:
    assert said(rule, day(made_on), *[Done(day(text), "service") for text in serviced]) == due


@pytest.mark.parametrize(
    ("start", "done", "due"),
    [
        ("2024-08-31", [], "2025-02-28"),
        ("2023-08-31", [], "2024-02-29"),
        ("2023-08-31", ["2024-02-29"], "2024-08-31"),  # on its day: the last of the month comes back
        ("2023-08-31", ["2023-11-29"], "2024-08-31"),  # three months early: nothing moves
        ("2023-08-31", ["2023-11-28"], "2024-05-28"),
        ("2023-08-31", ["2024-03-02"], "2024-09-02"),
        ("2024-02-29", [], "2024-08-29"),
    ],
)
def test_half_yearly_dates_do_not_drift_at_ends_of_months(start: str, done: list[str], due: str) -> None:
    assert said(BUS, day(start), *[Done(day(text), "test") for text in done]) == ("test", due)


def test_checks_of_one_thing_have_their_own_rhythms() -> None:
    start = date(2024, 1, 15)
    assert said(BOILER, start) == ("outer", "2025-01-15")
    outer = [Done(day("2025-01-10"), "outer"), Done(day("2026-01-09"), "outer")]
    assert said(BOILER, start, *outer) == ("inner", "2026-01-15")
    assert said(BOILER, start, *outer, Done(day("2026-01-09"), "inner")) == ("outer", "2027-01-09")


def test_a_report_may_name_the_next_date_itself() -> None:
    report = Done(day("2025-01-10"), "outer", until=day("2025-07-10"))
    assert said(BOILER, date(2024, 1, 15), report) == ("outer", "2025-07-10")


def test_without_a_start_nothing_is_due() -> None:
    assert next_due(LIFT, None) is None
    assert next_due(Rule("x", "x", ()), START) is None
