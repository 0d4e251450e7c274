"""Who is on duty now, tonight: the moments the list of shifts is asked for (S04.5)."""

from datetime import datetime, time

from django.db.models import Exists, OuterRef, Q

from anlan.domains.duty.checks import on_duty
from anlan.domains.duty.day_calendar import moment
from anlan.domains.duty.rosters import Turn
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page

URL = "/duty/watches/?now=1"
MORNING, LATE = time(6), time(22)

add_page(Page("safety", "值班", "谁在值班", URL, "duty.watches.view", None, 400))


def tonight() -> datetime:
    """The moment that stands for tonight: 22:00 today; the present one in the night itself."""
    now = clock.now().astimezone(clock.zone())
    in_the_night = now.time() < MORNING or now.time() >= LATE
    return now if in_the_night else moment(now.date(), LATE)


def unsigned() -> Q:
    """Condition on shifts: on now, and somebody has not signed in."""
    missing = Turn.unguarded.filter(watch=OuterRef("pk"), archived_at=None, in_at=None)
    return Q(Exists(missing)) & on_duty(clock.now())
