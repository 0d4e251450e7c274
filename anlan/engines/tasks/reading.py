"""What the engines below ask this one: who may read files of tasks, and which days are days of rest."""

from typing import Any

from anlan.engines.files.api import register_reader
from anlan.engines.messaging.api import provide_quiet_days
from anlan.engines.org.api import may
from anlan.engines.tasks.calendar import is_working_day
from anlan.engines.tasks.school_tasks import VIEW, SchoolTask, SchoolTaskPlan


def _may_read(user: Any, object_id: int) -> bool:
    return may(user, VIEW) and SchoolTask.objects.visible(user, VIEW).filter(pk=object_id).exists()


def _may_read_plan(user: Any, object_id: int) -> bool:
    return may(user, VIEW) and SchoolTask.objects.visible(user, VIEW).filter(round__plan=object_id).exists()


register_reader(SchoolTask._meta.label_lower, _may_read)
register_reader(SchoolTaskPlan._meta.label_lower, _may_read_plan)
provide_quiet_days(lambda day: not is_working_day(day))
