"""The schedule: periodic jobs; a due time is taken once, however many workers look at the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter
from django.db import IntegrityError, models, transaction

from anlan.engines.audit.api import SYSTEM
from anlan.engines.tasks.jobs import Job, JobFunction, code_of, declared_jobs
from anlan.engines.tasks.running import enqueue
from anlan.kernel import clock
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Periodic:
    """A job function and the times it is due, in cron's words and the site's time zone."""

    code: str
    cron: str
    func: JobFunction

    def last_due(self, now: datetime) -> datetime:
        """The latest due time not after ``now``."""
        due: datetime = croniter(self.cron, now.astimezone(clock.zone())).get_prev(datetime)
        return due


def _faults(periodic: Periodic) -> Iterator[str]:
    if not croniter.is_valid(periodic.cron):
        yield f"{periodic.cron!r} is no cron expression"
    if code_of(periodic.func) not in declared_jobs:
        yield "its function is not declared with @background"


periodics: Registry[Periodic] = Registry("periodic job", _faults)


def declare_periodic(code: str, cron: str, func: JobFunction) -> Periodic:
    """Let ``func`` (declared with ``@background``) run at the times of ``cron``."""
    return periodics.add(code, Periodic(code, cron, func))


class ScheduledRun(models.Model):
    """A due time of a schedule that some worker has taken."""

    schedule = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="tasks_scheduled_run_once")
        ]


def enqueue_due() -> int:
    """Queue every periodic job whose time has come and that nobody has queued; returns how many."""
    now = clock.now()
    return sum(_take(periodic, periodic.last_due(now)) for periodic in periodics)


def _take(periodic: Periodic, due_at: datetime) -> bool:
    if ScheduledRun.objects.filter(schedule=periodic.code, due_at=due_at).exists():
        return False
    try:
        with transaction.atomic():
            run = ScheduledRun.objects.create(schedule=periodic.code, due_at=due_at)
            run.job = enqueue(SYSTEM, periodic.func)
            run.save(update_fields=["job"])
    except IntegrityError:
        return False
    return True
