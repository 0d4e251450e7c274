"""Identifiers that sort by time and can be made on a phone without a network (UUID version 7, RFC 9562)."""

import secrets
import time
from uuid import UUID


def new_uid() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, then random bits."""
    bits = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)
