"""Limits of uploads; a site changes them through the ``FILES`` setting."""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """``scanner`` is ``host:port`` or the path of a ClamAV socket; empty means no scanning."""

    document_bytes: int = 30 * MB
    picture_bytes: int = 20 * MB
    sound_bytes: int = 50 * MB
    video_bytes: int = 300 * MB
    per_slot: int = 30
    drafts_per_person: int = 200
    draft_days: int = 7
    pixels: int = 64_000_000
    picture_edge: int = 4096
    unpacked_bytes: int = 300 * MB
    unpacked_ratio: int = 200
    reader_memory: int = 1024 * MB
    reader_seconds: int = 30
    reader_output: int = 200 * MB
    scanner: str = ""
    scanner_seconds: int = 30
    font: str = ""


def limits() -> Limits:
    """The limits in force."""
    said: dict[str, Any] = getattr(settings, "FILES", {})
    known = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in said.items() if name in known})
