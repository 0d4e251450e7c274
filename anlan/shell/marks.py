"""Plain-Python markup for what list rows repeat thousands of times: icon, chip, risk, deadline, badge."""

from datetime import date, datetime
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString

from anlan.shell.deadlines import Due, due
from anlan.shell.html import written
from anlan.shell.numbers import capped
from anlan.shell.tones import grade, tone

SIZES = {"": "", "s": " al-i--s", "l": " al-i--l"}


@lru_cache(maxsize=1)
def sprite() -> str:
    """Return the address of the icon sprite."""
    return static("lib/icons.svg")


@lru_cache(maxsize=1024)
def icon(name: str, size: str = "") -> SafeString:
    """Return one icon of the sprite; hidden from screen readers. ``size`` is empty, ``s`` or ``l``."""
    href = f"{sprite()}#{escape(name)}"
    return written(f'<svg class="al-i{SIZES[size]}" aria-hidden="true"><use href="{href}"></use></svg>')


@lru_cache(maxsize=4096)
def chip(code: str, word: str, bare: bool = False) -> SafeString:
    """Return a status chip: tone code and its word; KeyError for a tone that does not exist."""
    extra = " al-chip--bare" if bare else ""
    return written(f'<span class="al-chip{extra} is-{tone(code).code}">{escape(word)}</span>')


@lru_cache(maxsize=64)
def risk(value: int | str) -> SafeString:
    """Return the solid tag of a risk grade (1 to 4 or its word), with a hidden 等级 before the word."""
    found = grade(value)
    return written(
        f'<span class="al-risk is-{found.number}">'
        f'<span class="visually-hidden">等级：</span>{found.word}</span>'
    )


def due_mark(
    deadline: datetime | date | None, now: datetime | None = None, closed: bool = False
) -> SafeString:
    """Return a deadline: relative words first, the date below, full time as title."""
    return due_html(due(deadline, now, closed))


def due_html(words: Due) -> SafeString:
    """Return the markup of a deadline already in words."""
    css = f"al-due is-{words.tone}" if words.tone else "al-due"
    title = f' title="{words.full}"' if words.full else ""
    below = f"<small>{words.below}</small>" if words.below else ""
    return written(f'<span class="{css}"{title}><b>{words.text}</b>{below}</span>')


def badge(value: int, meaning: str, soft: bool = False) -> SafeString:
    """Return a count with hidden words for what is counted; empty when the count is 0; 99+ above 99."""
    if not value:
        return written("")
    extra = " al-badge--soft" if soft else ""
    hidden = f'<span class="visually-hidden">{escape(meaning)}</span>'
    return written(f'<span class="al-badge{extra}">{capped(value)}{hidden}</span>')
