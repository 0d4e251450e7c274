"""Jobs that a worker of another process can find: they leave traces in the database and wait to be killed."""

import time
from pathlib import Path
from typing import Any

from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import Job, background, progress


@background("慢作业")
def write_down(job: Job, flag: str, steps: int) -> dict[str, Any]:
    """Write each step once; stop half-way for as long as ``flag`` is not there."""
    for step in range(steps):
        Message.objects.get_or_create(
            key=f"step-{step}", addressee=job.user, defaults={"event": "x", "kind": "system", "title": "步骤"}
        )
        progress(job, step + 1, steps)
        if step == steps // 2 and not Path(flag).exists():
            Path(flag).write_text("waiting")
            time.sleep(60)
    return {"text": f"共 {steps} 步"}
