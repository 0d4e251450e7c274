"""A busy database or one that is away costs a worker time, never its life, and no job is lost or done twice."""

import sqlite3
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult

from anlan.engines.audit.api import Actor
from anlan.engines.tasks.api import Job, background, enqueue
from anlan.engines.tasks.jobs import declared_jobs
from anlan.engines.tasks.workers import JobWorker
from tests.sample.lamps import Lamp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.sqlite
def test_rows_are_read_and_written_while_another_process_writes(office: Any) -> None:
    """On SQLite a statement still open keeps its old view, from which nothing can be written any more."""
    for number in range(5):
        Lamp.objects.create(org=office.first, code=f"L{number}", place="门厅")
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=5)
    for row in Lamp.unguarded.order_by("pk").iterator(2):
        other.execute("UPDATE org_orgunit SET name = name || '!' WHERE id = ?", (office.first.pk,))
        other.commit()
        Lamp.unguarded.filter(pk=row.pk).update(place="楼梯")
    other.close()
    assert set(Lamp.unguarded.values_list("place", flat=True)) == {"楼梯"}


def work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does not look at the schedule, until nothing is left."""
    monkeypatch.setattr("anlan.engines.tasks.workers.enqueue_due", lambda: 0)
    monkeypatch.setattr("anlan.engines.tasks.workers.time.sleep", lambda seconds: None)
    JobWorker("tester", 0.01, True, timedelta(seconds=60))._loop()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A job that counts how often it ran."""
    monkeypatch.setattr(declared_jobs, "_frozen", False)
    monkeypatch.setattr(declared_jobs, "_items", dict(declared_jobs._items))

    @background("数一数")
    def count(job: Job) -> dict[str, str]:
        ran.append(job.pk)
        return {"text": "数完"}

    ran: list[int] = []
    return count, ran


def stumbling(times: int, real: Any) -> Any:
    """The function, after failing this often for want of a database."""
    left = [times]

    def call(*args: Any, **said: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("server closed the connection unexpectedly")
        return real(*args, **said)

    return call


@pytest.mark.parametrize("place", ["workers.JobWorker.claim", "workers.reap", "running._end"])
def test_a_worker_waits_until_the_database_is_back_and_ends_the_job(
    place: str, office: Any, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, ran = counted
    job = enqueue(Actor.person(office.person("anna", office.first)), count)
    module, name = f"anlan.engines.tasks.{place}".rsplit(".", 1)
    owner = JobWorker if module.endswith("JobWorker") else import_module(module)
    monkeypatch.setattr(owner, name, stumbling(2, getattr(owner, name)))
    work(monkeypatch)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"text": "数完"})
    assert len(ran) == (3 if place == "running._end" else 1)  # what could not be written down is done again
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_database_that_stays_away_ends_the_worker_with_its_reason(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobWorker, "claim", stumbling(10**6, JobWorker.claim))
    monkeypatch.setattr("anlan.engines.tasks.workers.LONGEST_TROUBLE", 0.05)
    with pytest.raises(OperationalError, match="closed the connection"):
        work(monkeypatch)
