"""Nightly: what came late for published numbers becomes a correction beside them."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from anlan.engines.analytics.correcting import correct_all
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock


@background("核对发布的统计")
def look_for_late_data(job: Job) -> dict[str, Any]:
    """Correct publications whose period ended within the days a site looks back (``LATE_DATA_DAYS``)."""
    since = clock.today() - timedelta(days=settings.LATE_DATA_DAYS)
    return {"corrections": correct_all(since)}


declare_periodic("analytics.late_data", "40 2 * * *", look_for_late_data)
