"""Small charts made on the server as SVG: no script or inline style, the label as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString

from anlan.shell.html import written

Number = int | float | Decimal


def px(value: float) -> str:
    """Return a length without needless digits."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def role(label: str) -> str:
    """Return the attributes that make a drawing a picture with words, or hide it without words."""
    return f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'


def _heights(values: Sequence[Number], top: float, bottom: float) -> list[float]:
    low, high = float(min(values)), float(max(values))
    span = (high - low) or 1.0
    return [bottom - (float(v) - low) / span * (bottom - top) for v in values]


def spark(values: Sequence[Number], label: str = "") -> SafeString:
    """Return a trend line of 88 × 30; empty for fewer than two values."""
    if len(values) < 2:
        return written("")
    step = 88 / (len(values) - 1)
    points = "L".join(f"{px(i * step)} {px(y)}" for i, y in enumerate(_heights(values, 4, 26)))
    return written(
        f'<svg class="al-spark" viewBox="0 0 88 30" preserveAspectRatio="none" {role(label)}>'
        f'<path class="a" d="M{points}L88 30L0 30Z"/><path d="M{points}"/></svg>'
    )


def bar(value: Number, whole: Number = 100, label: str = "", tone: str = "") -> SafeString:
    """Return a horizontal bar filled to value of whole; ``tone`` colours it by meaning."""
    share = max(0.0, min(100.0, float(value) / float(whole) * 100)) if whole else 0.0
    css = f"al-bar is-{tone}" if tone else "al-bar"
    return written(f'<svg class="{css}" {role(label)}><rect width="{px(share)}%" height="100%"/></svg>')


def ring(share: float, text: str, unit: str, label: str, tone: str = "") -> SafeString:
    """Return a ring filled to ``share`` (0 to 1) with a short text and its unit inside."""
    css = f"al-ring is-{tone}" if tone else "al-ring"
    filled = px(max(0.0, min(1.0, share)) * 100)
    return written(
        f'<svg class="{css}" viewBox="0 0 60 60" {role(label)}><circle class="t" cx="30" cy="30" r="26"/>'
        f'<circle class="v" cx="30" cy="30" r="26" pathLength="100" stroke-dasharray="{filled} 100"/>'
        f'<text x="30" y="31">{escape(text)}</text><text class="u" x="30" y="43">{escape(unit)}</text></svg>'
    )


def segments(total: int, passed: int, failed: int, skipped: int) -> SafeString:
    """Return the progress of a check: passed, failed, not applicable, and what is still open."""
    parts = (("ok", passed), ("no", failed), ("na", skipped))
    at, drawn = 0.0, ""
    for css, number in parts:
        share = number / total * 100 if total else 0.0
        drawn += f'<rect class="{css}" x="{px(at)}%" width="{px(share)}%" height="100%"/>'
        at += share
    rest = total - passed - failed - skipped
    label = f"合格 {passed}，不合格 {failed}，不适用 {skipped}，未查 {rest}"
    return written(f'<svg class="al-segbar" {role(label)}>{drawn}</svg>')


def wall_bar(value: float, whole: float, css: str = "") -> SafeString:
    """Return a bar of the wall; ``css`` is n (normal), y (reached), m (middle) or l (low)."""
    share = min(100.0, value / whole * 100) if whole else 0.0
    return written(
        '<svg aria-hidden="true"><rect class="t" width="100%" height="100%" rx="3"/>'
        f'<rect class="{css or "n"}" width="{px(share)}%" height="100%" rx="3"/></svg>'
    )


@dataclass(frozen=True)
class Mark:
    """A line of a gauge: value, words, CSS class (``m85`` or ``m100``)."""

    value: float
    words: str
    css: str = "m100"


def gauge(value: Number, marks: Sequence[Mark], label: str, tone: str = "late") -> SafeString:
    """Return a bar against standards; the longest value or mark takes three quarters of the width."""
    top = max([float(value), *(m.value for m in marks)]) / 0.75 or 1.0
    lines = "".join(_gauge_mark(m, m.value / top * 100, last=m is marks[-1]) for m in marks)
    return written(
        f'<svg class="al-gauge is-{tone}" {role(label)}>'
        '<rect class="t" y="4" width="100%" height="8" rx="4"/>'
        f'<rect class="v" y="4" width="{px(float(value) / top * 100)}%" height="8" rx="4"/>{lines}</svg>'
    )


def _gauge_mark(mark: Mark, at: float, last: bool) -> str:
    anchor = "" if last else ' text-anchor="end"'
    return (
        f'<line class="{mark.css}" x1="{px(at)}%" x2="{px(at)}%" y1="0" y2="18"/>'
        f'<text x="{px(at)}%" y="36"{anchor}>{escape(mark.words)}</text>'
    )


def year_bars(
    values: Sequence[tuple[str, Number]],
    label: str,
    standard: tuple[Number, str] | None = None,
    tone: str = "",
) -> SafeString:
    """Return years as columns from zero, the last one in ``tone``, with an optional standard line."""
    top = max([float(v) for _, v in values] + ([float(standard[0])] if standard else [])) or 1.0
    width = 420 / max(1, len(values))
    last = len(values) - 1
    columns = "".join(
        _column(name, float(v), float(v) / top * 84, (i + 0.5) * width, tone if i == last else "")
        for i, (name, v) in enumerate(values)
    )
    line = _standard(standard[1], 106 - float(standard[0]) / top * 84) if standard else ""
    return written(f'<svg class="al-years" viewBox="0 0 420 130" {role(label)}>{line}{columns}</svg>')


def _standard(words: str, y: float) -> str:
    return (
        f'<line class="s" x1="0" x2="420" y1="{px(y)}" y2="{px(y)}"/>'
        f'<text x="420" y="{px(y - 6)}" text-anchor="end" class="g">{escape(words)}</text>'
    )


def _column(name: str, value: float, height: float, middle: float, tone: str) -> str:
    css = f' class="is-{tone} n"' if tone else ""
    return (
        f'<rect x="{px(middle - 22)}" y="{px(106 - height)}" width="44"'
        f' height="{px(height)}" rx="3"{css}/>'
        f'<text x="{px(middle)}" y="{px(99 - height)}" text-anchor="middle" class="b">{value:,.10g}</text>'
        f'<text x="{px(middle)}" y="124" text-anchor="middle">{escape(name)}</text>'
    )
