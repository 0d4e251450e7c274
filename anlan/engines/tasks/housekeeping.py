"""Periodic work of the engines below: deliveries of messages, and forgetting old jobs."""

from datetime import timedelta
from typing import Any

from anlan.engines.messaging.api import deliver_due
from anlan.engines.tasks.jobs import Job, background, prune_jobs
from anlan.engines.tasks.schedules import declare_periodic
from anlan.kernel import clock


@background("发送短信和微信消息")
def deliver_messages(job: Job) -> dict[str, Any]:
    """Hand over what waits in the outbox."""
    return {"sent": deliver_due()}


@background("清理作业记录")
def forget_old_jobs(job: Job) -> dict[str, Any]:
    """Forget system jobs after two days, people's after a month."""
    return {"deleted": prune_jobs(clock.now() - timedelta(days=2))}


declare_periodic("messaging.deliver", "* * * * *", deliver_messages)
declare_periodic("tasks.prune", "20 3 * * *", forget_old_jobs)
