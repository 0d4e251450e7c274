"""Periodic work: rounds of plans, deadlines, deliveries of messages, and forgetting old jobs."""

from datetime import timedelta
from typing import Any

from anlan.engines.audit.api import back_up, seal, take_away_old
from anlan.engines.identity.api import forget_old_tallies, lock_idle, stop_leavers
from anlan.engines.messaging.api import deliver_due
from anlan.engines.tasks.deadlines import watch_deadlines
from anlan.engines.tasks.generating import run_plans
from anlan.engines.tasks.jobs import Job, background, prune_jobs
from anlan.engines.tasks.schedules import declare_periodic
from anlan.engines.tasks.splitting import urge_unsigned
from anlan.kernel import clock


@background("发送短信和微信消息")
def deliver_messages(job: Job) -> dict[str, Any]:
    """Hand over what waits in the outbox."""
    return {"sent": deliver_due()}


@background("清理作业记录")
def forget_old_jobs(job: Job) -> dict[str, Any]:
    """Forget system jobs after two days, people's after a month."""
    return {"deleted": prune_jobs(clock.now() - timedelta(days=2))}


@background("生成计划任务")
def open_rounds(job: Job) -> dict[str, Any]:
    """Make the rounds of plans that open today."""
    return {"rounds": run_plans(), "unsigned": urge_unsigned()}


@background("检查期限")
def look_at_deadlines(job: Job) -> dict[str, Any]:
    """Remind, warn and escalate."""
    return {"told": watch_deadlines()}


@background("账号例行检查")
def look_after_accounts(job: Job) -> dict[str, Any]:
    """Stop leavers, lock idle accounts, forget old sign-in counts; seal what a broken process left unsealed."""
    forget_old_tallies()
    return {"stopped": stop_leavers(), "locked": lock_idle(), "sealed": seal()}


@background("备份审计记录")
def keep_the_trail(job: Job) -> dict[str, Any]:
    """Copy what is new outside the database; take away what is past its days and whole in a copy."""
    made = back_up()
    return {"backed_up": made.count if made else 0, "taken_away": take_away_old()}


declare_periodic("audit.backup", "40 1 * * *", keep_the_trail)
declare_periodic("identity.accounts", "10 1 * * *", look_after_accounts)
declare_periodic("tasks.rounds", "*/10 * * * *", open_rounds)
declare_periodic("tasks.deadlines", "* * * * *", look_at_deadlines)
declare_periodic("messaging.deliver", "* * * * *", deliver_messages)
declare_periodic("tasks.prune", "20 3 * * *", forget_old_jobs)
