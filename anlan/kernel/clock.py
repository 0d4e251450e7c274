"""The one clock; tests move it with :func:`moved`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

_moved: ContextVar[datetime | None] = ContextVar("anlan_moved_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The site's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """The present day in the site's time zone."""
    return now().astimezone(zone()).date()


@contextmanager
def moved(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) inside the block, in this thread only."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
