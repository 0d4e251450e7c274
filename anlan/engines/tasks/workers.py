"""The worker: claims jobs, beats its heart, takes over from dead workers, and looks at the schedule."""

import threading
import time
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection, models
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from anlan.engines.tasks.schedules import enqueue_due

MAX_CARRIES = 5
AWAY = (OperationalError, InterfaceError)
LONGEST_TROUBLE = 600.0  # seconds without a database before the worker gives up
logger = structlog.get_logger()


class WorkerBeat(models.Model):
    """When a worker was last alive."""

    worker = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "作业进程"


def reap(dead_after: timedelta) -> int:
    """Put jobs of workers without a heartbeat back on the queue, or give them up; returns how many."""
    limit = timezone.now() - dead_after
    alive = set(WorkerBeat.objects.filter(beat_at__gte=limit).values_list("worker", flat=True))
    WorkerBeat.objects.filter(beat_at__lt=limit - timedelta(days=1)).delete()
    running = DBTaskResult.objects.running().filter(started_at__lt=limit)
    return sum(_put_back(row) for row in running if not alive & set(row.worker_ids[-1:]))


def _put_back(row: "DBTaskResult[Any, Any]") -> int:
    over = len(row.worker_ids) >= MAX_CARRIES
    status = TaskResultStatus.FAILED if over else TaskResultStatus.READY
    same = DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)
    return same.update(status=status, finished_at=timezone.now() if over else None)


class JobWorker(Worker):
    """django-tasks' worker with heartbeat, reaper and schedule, and a claim that locks nothing."""

    def __init__(self, worker_id: str, interval: float, batch: bool, dead_after: timedelta) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.dead_after = dead_after
        self._stopped = threading.Event()
        self._looked_at = 0.0
        self._troubled_since = 0.0

    def run(self) -> None:
        """Work until told to stop; in batch mode until nothing is left."""
        self.beat()
        heart = threading.Thread(target=self._heart, daemon=True)
        heart.start()
        try:
            self._loop()
        finally:
            self._stopped.set()
            heart.join(timeout=5)
            WorkerBeat.objects.filter(worker=self.worker_id).delete()

    def beat(self) -> None:
        """Say that this worker lives."""
        WorkerBeat.objects.update_or_create(worker=self.worker_id, defaults={"beat_at": timezone.now()})

    def _heart(self) -> None:
        while not self._stopped.wait(self.dead_after.total_seconds() / 5):
            try:
                self.beat()
            except AWAY:
                connection.close()
        connection.close()

    def _loop(self) -> None:
        while self.running:
            try:
                if not self._turn():
                    return
                self._troubled_since = 0.0
            except AWAY as trouble:
                self._wait_out(trouble)

    def _turn(self) -> bool:
        """Take one task; False when a batch has come to its end."""
        close_old_connections()
        self._look_around()
        claimed = self.claim()
        if claimed is not None:
            self.run_task(claimed)
        elif self.batch:
            return False
        elif self.running:
            time.sleep(self.interval)
        return True

    def run_task(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        """Run it; one that ended only because the database was away is taken up again."""
        super().run_task(db_task_result)
        failed = db_task_result.status == TaskResultStatus.FAILED
        if failed and db_task_result.exception_class_path in {
            f"django.db.utils.{one.__name__}" for one in AWAY
        }:
            _put_back(db_task_result)

    def _wait_out(self, trouble: Exception) -> None:
        """Pause while the database is busy or away; what was in hand goes back on the queue. Raises in the end."""
        now = time.monotonic()
        self._troubled_since = self._troubled_since or now
        if now - self._troubled_since > LONGEST_TROUBLE:
            raise trouble
        logger.warning("database_away", worker=self.worker_id, reason=str(trouble))
        connection.close()
        time.sleep(max(self.interval, 1.0))
        try:
            for row in DBTaskResult.objects.running():
                if row.worker_ids[-1:] == [self.worker_id]:
                    _put_back(row)
        except AWAY:
            connection.close()

    def _look_around(self) -> None:
        if self._looked_at and time.monotonic() - self._looked_at < min(
            10.0, self.dead_after.total_seconds()
        ):
            return
        self._looked_at = time.monotonic()
        reap(self.dead_after)
        enqueue_due()

    def claim(self) -> "DBTaskResult[Any, Any] | None":
        """The next ready task, taken by a conditional update; None when there is none."""
        row = DBTaskResult.objects.ready().filter(backend_name=self.backend_name).first()
        if row is None:
            return None
        values = {"started_at": timezone.now(), "worker_ids": [*row.worker_ids, self.worker_id]}
        free = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY)
        if not free.update(status=TaskResultStatus.RUNNING, **values):
            return self.claim()
        row.refresh_from_db()
        return row
