"""Periodic work of the forms engine."""

from anlan.engines.forms.tallies import fold
from anlan.engines.tasks.api import Job, background, declare_periodic


@background("汇总检查结果计数")
def fold_counts(job: Job) -> None:
    """Every minute: keep the journal short, so that reading it stays quick."""
    fold()


declare_periodic("forms.fold", "* * * * *", fold_counts)
