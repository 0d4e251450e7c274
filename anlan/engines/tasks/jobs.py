"""Jobs: work too long for a request, seen by its owner with progress, rest time and cancel.

A job is a row of our own; django-tasks only carries its number to a worker, so that settings can change the
carrier. Every job must be idempotent: a killed worker's job is run again from the start.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Q

from anlan.engines.audit.api import Actor
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing
from anlan.kernel.registry import Registry

MAX_ATTEMPTS = 3
JobFunction = Callable[..., dict[str, Any] | None]


class JobCancelled(Exception):
    """The owner cancelled the job; its function lets this pass."""


class JobLost(Exception):
    """The job was given to another worker meanwhile; this run must end without a trace."""


@dataclass(frozen=True)
class JobDeclaration:
    """A function that may run as a job: ``code`` is its import path, ``title`` what people read."""

    code: str
    title: str
    func: JobFunction


declared_jobs: Registry[JobDeclaration] = Registry("job")


def background(title: str) -> Callable[[JobFunction], JobFunction]:
    """Decorator: let ``func(job, **values)`` run as a job; it may return ``{"url": …, "text": …}``."""

    def register(func: JobFunction) -> JobFunction:
        declared_jobs.add(code_of(func), JobDeclaration(code_of(func), title, func))
        return func

    return register


def code_of(func: Any) -> str:
    """The code under which a job function is declared."""
    return f"{func.__module__}.{func.__qualname__}"


class Job(models.Model):
    """One piece of work; ``attempt`` is also the fence that keeps a lost worker from writing."""

    class State(models.TextChoices):
        """Where the job stands."""

        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未成功"
        CANCELLED = "cancelled", "已取消"

    code = models.CharField("作业", max_length=200)
    title = models.CharField("名称", max_length=200)
    values = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="发起人"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField("次数", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    error = models.TextField("原因", blank=True)
    queued_at = models.DateTimeField("提交时间", default=clock.now)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "后台作业"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "state"], name="tasks_job_owner"),
            models.Index(fields=["state", "finished_at"], name="tasks_job_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Not yet at its end."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How much is done; 0 while unknown."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def tone(self) -> str:
        """Tone of the state."""
        tones = {"queued": "idle", "running": "doing", "done": "done", "failed": "late", "cancelled": "idle"}
        return tones[self.state]

    def rest(self) -> timedelta | None:
        """Time left at the present pace; None while it cannot be told."""
        if self.state != self.State.RUNNING or not (self.done and self.total and self.started_at):
            return None
        spent = clock.now() - self.started_at
        return spent * (self.total - self.done) / self.done


def jobs_of(user: Any) -> models.QuerySet[Job]:
    """The person's jobs, newest first."""
    return Job.objects.filter(user=user)


def job_of(user: Any, pk: int) -> Job:
    """One of the person's own jobs; Missing for anybody else's."""
    found = jobs_of(user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def progress(job: Job, done: int, total: int = 0) -> None:
    """Say how far the job is; call it once per chunk.

    Raises JobCancelled once the owner has cancelled, JobLost when another worker has taken over.
    """
    mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
    job.done, job.total = done, total or job.total
    if mine.filter(cancel_asked=False).update(done=job.done, total=job.total):
        return
    raise JobCancelled if mine.exists() else JobLost


@contextmanager
def progress_aside(job: Job | None) -> Iterator[Callable[[int, int], None]]:
    """:func:`progress` for work that holds one long transaction: said on a second connection, at once.

    Says nothing without a job, inside a transaction of the caller's, and where the database lets only one
    connection write (SQLite).
    """
    if job is None or connection.in_atomic_block or connection.vendor == "sqlite":
        yield lambda done, total: None
        return
    second = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield lambda done, total: _said(second, job, done, total)
    finally:
        second.close()


def _said(second: Any, job: Job, done: int, total: int) -> None:
    mine = "id = %s AND attempt = %s AND state = %s"
    values = (job.pk, job.attempt, Job.State.RUNNING)
    with second.cursor() as cursor:
        table = second.ops.quote_name(Job._meta.db_table)
        cursor.execute(
            f"UPDATE {table} SET done = %s, total = %s WHERE {mine} AND NOT cancel_asked",  # noqa: S608 - fixed words
            (done, total, *values),
        )
        if cursor.rowcount:
            return
        cursor.execute(f"SELECT 1 FROM {table} WHERE {mine}", values)  # noqa: S608 - fixed words
        raise JobCancelled if cursor.fetchone() else JobLost


def cancel(actor: Actor, job: Job) -> Job:
    """Take a waiting job off the queue, or ask a running one to stop. Conflict when it has ended."""
    now, waiting = clock.now(), Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.CANCELLED, finished_at=now, cancel_asked=True):
        running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
        if not running.update(cancel_asked=True):
            raise Conflict("这项作业已经结束")
    job.refresh_from_db()
    return job


def prune_jobs(before: datetime) -> int:
    """Forget system jobs that ended before the moment; those of people stay 30 days longer."""
    ended = Q(finished_at__lt=before, user=None) | Q(finished_at__lt=before - timedelta(days=30))
    return Job.objects.filter(ended).delete()[0]


def faulty_jobs() -> Iterator[Job]:
    """Jobs that failed for good, newest first; for the operator."""
    yield from Job.objects.filter(state=Job.State.FAILED).select_related("user")
