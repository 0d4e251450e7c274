"""Pinyin of names, so that pickers find 城关小学 by ``chengguan`` and ``cgxx``."""

from pypinyin import Style, lazy_pinyin


def spelled(name: str) -> str:
    """The whole name in pinyin without tones, in lower case."""
    return "".join(lazy_pinyin(name)).lower()[:200]


def initials(name: str) -> str:
    """First letters of the syllables."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:60]
