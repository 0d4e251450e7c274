"""Jobs: seen, cancelled, retried, and done once although their worker is killed."""

import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from anlan.engines.audit.api import SYSTEM, Actor, current_actor
from anlan.engines.messaging.api import Message, messages_for
from anlan.engines.tasks.api import Job, background, cancel, enqueue, job_of, jobs_of, progress
from anlan.engines.tasks.jobs import JobCancelled, JobLost, declared_jobs, prune_jobs
from anlan.engines.tasks.running import run_job
from anlan.engines.tasks.schedules import Periodic, ScheduledRun, _faults, enqueue_due, periodics
from anlan.engines.tasks.workers import JobWorker, WorkerBeat, reap
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing, Rejected
from tests.tasks import slow_jobs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def open_registries(monkeypatch):
    """Let a test declare jobs of its own."""
    for registry in (declared_jobs, periodics):
        monkeypatch.setattr(registry, "_frozen", False)
        monkeypatch.setattr(registry, "_items", dict(registry._items))


def work(dead_after: float = 60) -> None:
    JobWorker("tester", 0.01, True, timedelta(seconds=dead_after))._loop()


@pytest.fixture
def quiet(monkeypatch):
    """A worker that does not look at the schedule."""
    monkeypatch.setattr("anlan.engines.tasks.workers.enqueue_due", lambda: 0)


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_in_its_owners_name_and_tells_him(office, quiet):
    anna, seen = office.person("anna", office.first), []

    @background("数一数")
    def count(job: Job, upto: int) -> dict[str, str]:
        seen.append(current_actor().user)
        for n in range(upto):
            progress(job, n + 1, upto)
        return {"text": f"数到 {upto}", "url": "/somewhere/"}

    job = enqueue(Actor.person(anna), count, upto=4)
    assert (job.state, job.percent) == ("queued", 0)
    work()
    job.refresh_from_db()
    assert (job.state, job.percent, job.rest()) == ("done", 100, None)
    assert seen == [anna]
    told = messages_for(anna).get()
    assert (told.title, told.text, told.url) == ("数一数已完成", "数到 4", "/somewhere/")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_stumbles_is_tried_again_later_and_then_given_up(office, quiet):
    anna, tries = office.person("anna", office.first), []

    @background("跌倒")
    def stumble(job: Job) -> None:
        tries.append(job.attempt)
        raise RuntimeError("no luck")

    job = enqueue(Actor.person(anna), stumble)
    work()
    assert tries == [1]
    for _ in range(5):
        DBTaskResult.objects.filter(status="READY").update(run_after=datetime(2020, 1, 1, tzinfo=UTC))
        work()
    job.refresh_from_db()
    assert (tries, job.state) == ([1, 2, 3], "failed")
    assert "no luck" in job.error
    assert [m.title for m in messages_for(anna)] == ["跌倒没有完成"]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_not_tried_again(office, quiet):
    anna = office.person("anna", office.first)

    @background("不行")
    def refuse(job: Job) -> None:
        raise Rejected({"file": "第 3 行缺少名称"})

    job = enqueue(Actor.person(anna), refuse)
    work()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error) == ("failed", 1, "第 3 行缺少名称")


@pytest.mark.django_db(transaction=True)
def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_step(office, quiet):
    anna, reached = office.person("anna", office.first), []

    @background("可取消")
    def step(job: Job) -> None:
        progress(job, 1, 3)
        cancel(Actor.person(anna), Job.objects.get(pk=job.pk))
        reached.append("asked")
        progress(job, 2, 3)
        reached.append("beyond")

    waiting = cancel(Actor.person(anna), enqueue(Actor.person(anna), step))
    assert waiting.state == "cancelled"
    running = enqueue(Actor.person(anna), step)
    work()
    running.refresh_from_db()
    assert (running.state, running.done, reached) == ("cancelled", 2 - 1, ["asked"])
    with pytest.raises(Conflict):
        cancel(Actor.person(anna), running)
    assert not messages_for(anna).exists()


def test_jobs_are_seen_by_their_owner_only(office):
    anna, ben = office.person("anna", office.first), office.person("ben", office.first)
    job = Job.objects.create(code="x", title="导出", user=anna)
    assert list(jobs_of(anna)) == [job]
    assert not jobs_of(ben).exists()
    with pytest.raises(Missing):
        job_of(ben, job.pk)


def test_rest_time_follows_the_pace(office):
    start = clock.now()
    job = Job(state="running", done=25, total=100, started_at=start)
    with clock.moved(start + timedelta(seconds=30)):
        assert job.rest() == timedelta(seconds=90)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_job_cannot_write_progress(office):
    job = Job.objects.create(code="x", title="导出", state="running", attempt=2)
    lost = Job.objects.get(pk=job.pk)
    lost.attempt = 1
    with pytest.raises(JobLost):
        progress(lost, 5, 10)
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    with pytest.raises(JobCancelled):
        progress(job, 5, 10)


def _worker() -> subprocess.Popen:
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", "tests.tasks.job_worker", str(name)]
    return subprocess.Popen(command, cwd=ROOT)


def _wait(condition, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_done_once_by_the_next_one(office, tmp_path):
    anna, flag = office.person("anna", office.first), tmp_path / "flag"
    job = enqueue(Actor.person(anna), slow_jobs.write_down, flag=str(flag), steps=6)
    first = _worker()
    _wait(flag.exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("running", 1)
    assert DBTaskResult.objects.filter(status="RUNNING").exists()
    time.sleep(1.2)
    second = _worker()
    assert second.wait(timeout=60) == 0
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done) == ("done", 2, 6)
    assert Message.objects.filter(key__startswith="step-").count() == 6
    assert [m.text for m in messages_for(anna) if m.event == "tasks.job_done"] == ["共 6 步"]


@pytest.mark.django_db(transaction=True)
def test_a_live_workers_job_is_left_alone_and_a_dead_ones_taken_over(office):
    old = clock.now() - timedelta(minutes=10)
    rows = {}
    for worker in ("alive", "dead"):
        run_job.enqueue(0)
        rows[worker] = DBTaskResult.objects.get(status="READY")
        DBTaskResult.objects.filter(pk=rows[worker].pk).update(
            status="RUNNING", started_at=old, worker_ids=[worker]
        )
    WorkerBeat.objects.create(worker="alive")
    WorkerBeat.objects.create(worker="dead", beat_at=old)
    assert reap(timedelta(minutes=1)) == 1
    assert {w: DBTaskResult.objects.get(pk=r.pk).status for w, r in rows.items()} == {
        "alive": "RUNNING",
        "dead": "READY",
    }


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_every_worker_is_given_up(office):
    job = Job.objects.create(code="x", title="毒", state="running", attempt=3)
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "处理程序多次中断")


@pytest.mark.django_db(transaction=True)
def test_one_task_is_claimed_by_one_worker(office):
    run_job.enqueue(0)
    gate, claimed = threading.Barrier(4), []

    def run(n: int) -> None:
        worker = JobWorker(f"w{n}", 0.01, True, timedelta(minutes=1))
        gate.wait()
        claimed.append(worker.claim())
        connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([row for row in claimed if row]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_due_time_is_taken_once_by_many_workers(office):
    periodics._items.clear()

    @background("每小时")
    def hourly(job: Job) -> None:
        """Nothing."""

    periodics.add("test.hourly", Periodic("test.hourly", "0 * * * *", hourly))
    gate, taken, moment = threading.Barrier(4), [], datetime(2026, 10, 21, 3, 5, tzinfo=UTC)

    def run() -> None:
        gate.wait()
        with clock.moved(moment):
            taken.append(enqueue_due())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 0, 0, 1]
    assert ScheduledRun.objects.get().due_at == datetime(2026, 10, 21, 3, 0, tzinfo=UTC)
    assert Job.objects.count() == 1
    with clock.moved(moment + timedelta(hours=1)):
        assert (enqueue_due(), enqueue_due()) == (1, 0)


def test_a_wrong_schedule_is_found_by_the_checks():
    assert list(_faults(Periodic("x", "61 * * * *", print)))
    assert [periodic.code for periodic in periodics if list(_faults(periodic))] == []


def test_old_jobs_are_forgotten_and_open_ones_kept(office):
    anna, now = office.person("anna", office.first), clock.now()
    for user, days in ((None, 3), (anna, 3), (anna, 40)):
        Job.objects.create(
            code="x", title="旧", user=user, state="done", finished_at=now - timedelta(days=days)
        )
    Job.objects.create(code="x", title="开", state="running")
    assert prune_jobs(now - timedelta(days=2)) == 2
    assert SYSTEM.user is None
