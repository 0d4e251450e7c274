"""Failed sign-ins counted in the database, per account and per origin (MLPS.03).

An attempt is *taken* before the password is looked at, by a conditional update: however many arrive
together, no more
than the limit reach the password. Names nobody has are counted alike, so that a lock tells nothing about
existence.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When

from anlan.kernel import clock


class Tally(models.Model):
    """Attempts under one key since the last success or the end of the last lock."""

    key = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=clock.now, db_index=True)
    locked_until = models.DateTimeField(null=True)


def take(key: str, limit: int, lock: timedelta) -> bool:
    """Take one attempt; False once ``limit`` are taken and the lock has not run out."""
    moment = clock.now()
    _ensure(key)
    _start_anew(key, moment, lock)
    locked = Case(When(count__gte=limit - 1, then=Value(moment + lock)), default=F("locked_until"))
    taken = Tally.objects.filter(key=key, count__lt=limit)
    return bool(taken.update(count=F("count") + 1, touched_at=moment, locked_until=locked))


def _ensure(key: str) -> None:
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(key=key)], ignore_conflicts=True)


def _start_anew(key: str, moment: datetime, lock: timedelta) -> None:
    over = Q(locked_until__lte=moment) | Q(locked_until=None, touched_at__lte=moment - lock)
    Tally.objects.filter(over, key=key).update(count=0, locked_until=None)


def give_back(key: str) -> None:
    """A taken attempt that was no failure."""
    Tally.objects.filter(key=key, count__gt=0).update(count=F("count") - 1, locked_until=None)


def clear(key: str) -> bool:
    """Forget every attempt under the key; whether there was a lock."""
    was_locked = Tally.objects.filter(key=key, locked_until__gt=clock.now()).exists()
    Tally.objects.filter(key=key).update(count=0, locked_until=None)
    return was_locked


def left(key: str, limit: int) -> int:
    """Attempts still open under the key."""
    used = Tally.objects.filter(key=key).values_list("count", flat=True).first() or 0
    return max(limit - used, 0)


def locked(key: str) -> bool:
    """Whether the key is locked now."""
    return Tally.objects.filter(key=key, locked_until__gt=clock.now()).exists()


def forget_old() -> int:
    """Drop tallies untouched for a day; for the nightly job."""
    old = Tally.objects.filter(touched_at__lt=clock.now() - timedelta(days=1))
    return old.exclude(locked_until__gt=clock.now()).delete()[0]
