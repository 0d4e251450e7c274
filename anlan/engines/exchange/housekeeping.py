"""Keeping up: rows of old imports are forgotten, what they became stays in its ledger."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from anlan.engines.audit.api import SYSTEM, change
from anlan.engines.exchange.sessions import ImportRow, ImportSession
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock

DAYS = 30
State = ImportSession.State
UNCONFIRMED = (State.CHECKED, State.STOPPED)
ENDED = (State.APPLIED, State.CANCELLED, State.BROKEN)


@background("清理导入底稿")
def forget_rows(job: Job) -> dict[str, Any]:
    """Delete what was read from files ``IMPORT_ROW_DAYS`` (30) days ago; who never confirmed has given up."""
    limit = clock.now() - timedelta(days=getattr(settings, "IMPORT_ROW_DAYS", DAYS))
    waiting = ImportSession.objects.unscoped().filter(updated_at__lt=limit, state__in=UNCONFIRMED)
    for session in waiting.iterator():
        change(SYSTEM, session, {"state": State.CANCELLED}, action="import:forgotten")
    ended = {"session__state__in": ENDED, "session__updated_at__lt": limit}
    gone, _ = ImportRow.objects.filter(**ended).delete()
    return {"text": f"清理 {gone} 行"}


declare_periodic("exchange.rows", "50 3 * * *", forget_rows)
