"""Masking of personal values, the same in every output: page, export, print, API."""

from collections.abc import Callable
from types import MappingProxyType

STAR = "*"


def _phone(text: str) -> str:
    return text[:3] + STAR * max(len(text) - 7, 4) + text[-4:] if len(text) > 7 else STAR * len(text)


def _identity(text: str) -> str:
    return text[:4] + STAR * (len(text) - 8) + text[-4:] if len(text) > 10 else STAR * len(text)


def _name(text: str) -> str:
    return text[:1] + STAR * max(len(text) - 1, 1)


def _address(text: str) -> str:
    return text[:6] + STAR * 4 if len(text) > 6 else STAR * len(text)


def _whole(text: str) -> str:
    return STAR * 4


MASKS: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {"phone": _phone, "identity": _identity, "name": _name, "address": _address, "whole": _whole}
)


def masked(kind: str, value: object) -> str:
    """``value`` as people without the unmasking right see it; blank stays blank."""
    text = "" if value is None else str(value)
    return MASKS[kind](text) if text else ""
