"""The person's own background jobs, with progress, cancel and result."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.tasks.jobs import Job, cancel, job_of, jobs_of
from anlan.shell.parts import Action
from anlan.shell.responses import see_other

SHOWN = 50


def job_card(job: Job) -> dict[str, Any]:
    """A job as the job_card component takes it."""
    rest = job.rest()
    minutes = max(1, round(rest.total_seconds() / 60)) if rest is not None else 0
    state = "running" if job.open else "done" if job.state == Job.State.DONE else "failed"
    actions = [Action("查看结果", job.result["url"])] if job.result.get("url") else []
    return {
        "title": job.title,
        "label": f"{job.title}进度",
        "done": job.done,
        "total": job.total,
        "share": job.percent,
        "rest": f"大约还要 {minutes} 分钟。" if minutes else "",
        "state": state,
        "summary": job.result.get("text") or job.get_state_display(),
        "poll": reverse("jobs:card", args=[job.pk]),
        "cancel": Action("取消", post=reverse("jobs:cancel", args=[job.pk]), kind="quiet"),
        "actions": actions,
        "id": f"job-{job.pk}",
    }


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Own jobs, the running ones first."""
    rows = list(jobs_of(request.user)[:SHOWN])
    rows.sort(key=lambda job: not job.open)
    running = sum(job.open for job in rows)
    context = {
        "title": "后台作业",
        "lede": f"{running} 项正在进行。" if running else "没有正在进行的作业。",
        "jobs": [job_card(job) for job in rows],
    }
    return render(request, "tasks/jobs.html", context)


@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One job's card, for polling."""
    return render(request, "tasks/jobs.html#card", {"job": job_card(job_of(request.user, pk))})


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an own job."""
    cancel(Actor.of(request), job_of(request.user, pk))
    return see_other(request, "jobs:list")
