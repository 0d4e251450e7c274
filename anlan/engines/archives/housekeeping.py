"""By night: file what was ended before, propose what has reached its time, delete what is short-lived."""

from typing import Any

from anlan.engines.archives.disposals import propose
from anlan.engines.archives.filing import file_missing
from anlan.engines.archives.sweeping import sweep_transient
from anlan.engines.files.api import sweep
from anlan.engines.tasks.api import Job, background, declare_periodic


@background("检查档案保存期限")
def look_at_times(job: Job) -> dict[str, Any]:
    """May be repeated; also takes files of destroyed matters off the disk that a crash left there."""
    return {"filed": file_missing(), "lists": propose(), "deleted": sweep_transient(), "swept": sweep()}


declare_periodic("archives.times", "15 2 * * *", look_at_times)
