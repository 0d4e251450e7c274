"""Small charts: numbers become attributes, words stay words, nothing divides by zero."""

import pytest

from anlan.shell.charts import Mark, bar, gauge, ring, segments, spark, wall_bar, year_bars
from anlan.shell.trends import Series, scale_top, trend


def test_a_bar_is_as_long_as_its_share():
    assert '<rect width="66.7%"' in bar(2, 3)
    assert '<rect width="100%"' in bar(7, 3)
    assert '<rect width="0%"' in bar(7, 0)


def test_a_picture_has_words_or_is_hidden():
    assert 'role="img" aria-label="62%"' in bar(62, 100, "62%")
    assert 'aria-hidden="true"' in bar(62)


def test_a_spark_needs_two_values():
    assert spark([3]) == ""
    assert 'd="M0 4L88 26"' in spark([2, 1])
    assert "<path" in spark([5, 5, 5])


def test_a_ring_never_overflows():
    assert 'stroke-dasharray="100 100"' in ring(1.4, "0", "天", "到期")


def test_a_gauge_puts_the_largest_of_value_and_marks_at_three_quarters():
    drawn = gauge(1400, [Mark(1700, "85% 线", "m85"), Mark(2000, "标准")], "1400")
    assert 'width="52.5%"' in drawn
    assert 'x1="75%"' in drawn
    assert 'text-anchor="end">85% 线' in drawn


def test_years_start_at_zero():
    drawn = year_bars([("2025", 50), ("2026", 100)], "两年", (100, "标准 100"), "late")
    assert 'height="84"' in drawn
    assert 'height="42"' in drawn
    assert "标准 100" in drawn


def test_a_check_without_items_is_drawn():
    assert "未查 0" in segments(0, 0, 0, 0)
    assert 'x="50%" width="25%"' in segments(4, 2, 1, 0)


def test_labels_are_escaped():
    assert "<b>" not in bar(1, 2, "<b>") + trend(["<b>"], [Series("<b>", (1,))], "<b>")
    assert 'class="n"' in wall_bar(1, 2)


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (3, 4), (4, 4), (8, 8), (29, 40), (31, 40), (101, 200), (1420, 2000)]
)
def test_the_axis_ends_on_a_round_number(highest, top):
    assert scale_top(highest) == top


def test_names_at_the_end_of_lines_do_not_cover_each_other():
    drawn = trend(["一", "二"], [Series("新发现", (1, 6)), Series("销号", (2, 6))], "持平")
    places = [part.split('"')[0] for part in drawn.split('class="n" x="87%" y="')[1:]]
    assert abs(float(places[0]) - float(places[1])) >= 15


def test_at_most_five_lines():
    drawn = trend(["一"], [Series(str(n), (n, n)) for n in range(7)], "多")
    assert 'class="c5"' in drawn
    assert 'class="c6"' not in drawn
