"""Lines over time as SVG made on the server: fluid width, each line named at its end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from anlan.shell.charts import Number, px, role
from anlan.shell.html import written


@dataclass(frozen=True)
class Series:
    """One line of a trend: name and values, one per tick."""

    name: str
    values: tuple[Number, ...]


PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_BOTTOM = 8.0, 86.0, 12.0, 190.0
PLOT_HEIGHT = PLOT_BOTTOM - PLOT_TOP
LABEL_GAP = 15.0


def trend(ticks: Sequence[str], series: Sequence[Series], label: str) -> SafeString:
    """Return lines over ticks (at most five series), each named at its end, the axis starting at zero.

    Width is fluid: positions are percentages, so that words keep their size on phones.
    """
    shown = list(series)[:5]
    top = scale_top(max((float(v) for s in shown for v in s.values), default=0.0))
    grid = "".join(_grid_line(top * k / 4, k) for k in range(5))
    named = sorted({0, len(ticks) // 2, len(ticks) - 1}) if ticks else []
    words = "".join(_tick(ticks, i) for i in named)
    lines = "".join(_line(s, top, n + 1) for n, s in enumerate(shown))
    plot = (
        f'<svg x="{px(PLOT_LEFT)}%" y="{px(PLOT_TOP)}" width="{px(PLOT_RIGHT - PLOT_LEFT)}%"'
        f' height="{px(PLOT_HEIGHT)}" viewBox="0 0 100 100" preserveAspectRatio="none">{lines}</svg>'
    )
    names = _names(shown, top)
    return written(f'<svg class="al-trend" {role(label)}>{grid}{words}{plot}{names}</svg>')


def scale_top(highest: float) -> float:
    """Return a round number at or above the highest value: four times 1, 2, 2.5 or 5 of a power of ten."""
    if highest <= 0:
        return 4.0
    power = 10.0 ** math.floor(math.log10(highest / 4))
    steps = (power * factor for factor in (1, 2, 2.5, 5, 10))
    return next(step * 4 for step in steps if step * 4 >= highest and (step >= 1 or highest < 4))


def _grid_line(value: float, k: int) -> str:
    y = PLOT_BOTTOM - k * PLOT_HEIGHT / 4
    return (
        f'<line class="l" x1="{px(PLOT_LEFT)}%" x2="{px(PLOT_RIGHT)}%" y1="{px(y)}" y2="{px(y)}"/>'
        f'<text x="{px(PLOT_LEFT - 1)}%" y="{px(y + 4)}" text-anchor="end">{value:,.10g}</text>'
    )


def _tick(ticks: Sequence[str], i: int) -> str:
    x = PLOT_LEFT + i * (PLOT_RIGHT - PLOT_LEFT) / max(1, len(ticks) - 1)
    return f'<text x="{px(x)}%" y="212" text-anchor="middle">{escape(ticks[i])}</text>'


def _line(series: Series, top: float, number: int) -> str:
    step = 100 / max(1, len(series.values) - 1)
    points = "L".join(f"{px(i * step)} {px(100 - float(v) / top * 100)}" for i, v in enumerate(series.values))
    return f'<path class="c{number}" d="M{points}"/>' if points else ""


def _names(series: Sequence[Series], top: float) -> str:
    ends = [(PLOT_BOTTOM - float(s.values[-1]) / top * PLOT_HEIGHT, s) for s in series if s.values]
    drawn, free = "", PLOT_TOP - LABEL_GAP
    for y, one in sorted(ends, key=lambda end: end[0]):
        free = max(y, free + LABEL_GAP)
        drawn += f'<text class="n" x="{px(PLOT_RIGHT + 1)}%" y="{px(free + 4)}">{escape(one.name)}</text>'
    return drawn
