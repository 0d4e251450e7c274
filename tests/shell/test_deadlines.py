"""Deadlines in words and the marks of list rows."""

from datetime import date, datetime, timedelta

import pytest

from anlan.kernel import clock
from anlan.shell.deadlines import due, moment_words
from anlan.shell.marks import badge, chip, due_mark, risk
from anlan.shell.tones import GRADES, TONES, grade, tone


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.zone())


NOW = at(2026, 10, 20, 10, 0)


@pytest.mark.parametrize(
    ("deadline", "text", "below", "colour"),
    [
        (at(2026, 10, 18, 17, 0), "逾期 2 天", "10-18 17:00", "late"),
        (at(2026, 10, 20, 9, 30), "逾期 30 分钟", "10-20 09:30", "late"),
        (at(2026, 10, 20, 17, 0), "今天 17:00", "还剩 7 小时", "todo"),
        (at(2026, 10, 20, 10, 25), "今天 10:25", "还剩 25 分钟", "todo"),
        (at(2026, 10, 21, 0, 1), "还有 1 天", "10-21 00:01", "todo"),
        (at(2026, 10, 25, 8, 0), "还有 5 天", "10-25 08:00", ""),
        (at(2027, 1, 2, 8, 0), "还有 74 天", "2027-01-02 08:00", ""),
        (date(2026, 10, 20), "今天", "还剩 13 小时", "todo"),
        (date(2026, 10, 19), "逾期 1 天", "10-19", "late"),
        (None, "无期限", "", ""),
    ],
)
def test_a_deadline_says_how_long_before_the_date(deadline, text, below, colour):
    words = due(deadline, NOW)
    assert (words.text, words.below, words.tone) == (text, below, colour)


def test_a_closed_record_is_never_late():
    words = due(at(2026, 10, 1, 17, 0), NOW, closed=True)
    assert (words.text, words.tone) == ("10-01 17:00", "")


def test_the_title_carries_the_full_time_with_weekday():
    assert 'title="2026-10-25 周日 08:00"' in due_mark(at(2026, 10, 25, 8, 0), NOW)


def test_the_clock_of_the_kernel_decides_what_is_late():
    with clock.moved(NOW + timedelta(days=30)):
        assert "逾期" in due_mark(at(2026, 10, 25, 8, 0))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2026, 10, 20, 8, 40), "今天 08:40"),
        (at(2026, 10, 19, 9, 12), "昨天 09:12"),
        (at(2026, 10, 16, 9, 0), "10-16 09:00"),
        (at(2025, 12, 31, 9, 0), "2025-12-31 09:00"),
    ],
)
def test_moments_name_the_day_the_way_people_speak(moment, words):
    assert moment_words(moment, NOW) == words


def test_there_are_seven_tones_and_four_grades():
    assert list(TONES) == ["idle", "todo", "doing", "review", "done", "late", "back"]
    assert [g.word for g in GRADES.values()] == ["重大", "较大", "一般", "低"]
    assert grade("较大") is grade(2) is grade("2")


def test_an_unknown_tone_or_grade_is_refused():
    with pytest.raises(KeyError, match="idle"):
        tone("red")
    with pytest.raises(KeyError):
        grade("特大")


def test_a_chip_carries_word_and_tone_and_escapes():
    assert chip("review", "待<复查>") == '<span class="al-chip is-review">待&lt;复查&gt;</span>'


def test_a_risk_tag_prints_the_word_after_a_hidden_label():
    assert risk(1) == '<span class="al-risk is-1"><span class="visually-hidden">等级：</span>重大</span>'


def test_a_badge_is_capped_says_what_it_counts_and_vanishes_at_zero():
    assert badge(0, "项逾期") == ""
    hidden = '<span class="visually-hidden">项逾期</span>'
    assert badge(120, "项逾期") == f'<span class="al-badge">99+{hidden}</span>'
