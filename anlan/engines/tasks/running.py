"""Running jobs: enqueueing, one attempt, retry with growing pauses, and the message at the end."""

import traceback
from datetime import timedelta
from typing import Any

import structlog
from django.db import models, transaction
from django.utils import timezone
from django_tasks import task

from anlan.engines.audit.api import SYSTEM, Actor, acting
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.tasks.jobs import (
    MAX_ATTEMPTS,
    Job,
    JobCancelled,
    JobFunction,
    JobLost,
    code_of,
    declared_jobs,
)
from anlan.kernel import clock
from anlan.kernel.errors import Refusal

FIRST_PAUSE = timedelta(seconds=30)
JOBS_PAGE = "/jobs/"
logger = structlog.get_logger(__name__)

declare_event("tasks.job_done", "system", "{title}已完成", "{text}")
declare_event("tasks.job_failed", "system", "{title}没有完成", "{text}")


def enqueue(actor: Actor, func: JobFunction, *, title: str = "", **values: Any) -> Job:
    """Queue ``func`` (see :func:`background`) with JSON ``values``; joins the caller's transaction."""
    declared = declared_jobs[code_of(func)]
    with transaction.atomic():
        job = Job.objects.create(
            code=declared.code,
            title=title or declared.title,
            values=values,
            user=actor.user,
            queued_at=clock.now(),
        )
        run_job.enqueue(job.pk)
    return job


@task()
def run_job(pk: int) -> None:
    """One attempt of the job; what the worker calls."""
    job = _begin(pk)
    if job is None:
        return
    try:
        with acting(Actor.person(job.user) if job.user else SYSTEM):
            result = declared_jobs[job.code].func(job, **job.values)
    except JobLost:
        return
    except JobCancelled:
        _end(job, Job.State.CANCELLED)
    except Refusal as refusal:
        _end(job, Job.State.FAILED, error=refusal.message)
    except Exception as error:
        _stumble(job, error)
    else:
        _end(job, Job.State.DONE, result=result or {})


def _begin(pk: int) -> Job | None:
    """Take the next attempt; None when the job has ended or its attempts are used up."""
    live = Job.objects.filter(pk=pk, state__in=(Job.State.QUEUED, Job.State.RUNNING))
    attempt, now = models.F("attempt") + 1, clock.now()
    if not live.update(state=Job.State.RUNNING, attempt=attempt, started_at=now, done=0):
        return None
    job = Job.objects.select_related("user").get(pk=pk)
    if job.attempt > MAX_ATTEMPTS:
        _end(job, Job.State.FAILED, error="处理程序多次中断")
        return None
    return job


def _stumble(job: Job, error: Exception) -> None:
    logger.warning("job_failed", job=job.pk, code=job.code, attempt=job.attempt, exc_info=error)
    if job.attempt >= MAX_ATTEMPTS or not _mine(job).update(state=Job.State.QUEUED):
        _end(job, Job.State.FAILED, error="".join(traceback.format_exception(error))[-4000:])
        return
    pause = FIRST_PAUSE * 2 ** (job.attempt - 1)
    run_job.using(run_after=timezone.now() + pause).enqueue(job.pk)


def _mine(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)


def _end(job: Job, state: str, *, error: str = "", result: dict[str, Any] | None = None) -> None:
    """Close the job and tell its owner, unless another worker has taken over."""
    ended = {"state": state, "error": error, "result": result or {}, "finished_at": clock.now()}
    with transaction.atomic():
        if _mine(job).update(**ended) and job.user and state != Job.State.CANCELLED:
            _tell(job, state, result or {})


def _tell(job: Job, state: str, result: dict[str, Any]) -> None:
    done = state == Job.State.DONE
    text = result.get("text", "") if done else "可以重新发起；多次不成功请联系管理员。"
    send(
        "tasks.job_done" if done else "tasks.job_failed",
        [job.user],
        url=result.get("url", "") or JOBS_PAGE,
        key=f"job:{job.pk}",
        context={"title": job.title, "text": text},
    )
