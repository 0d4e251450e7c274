"""A worker in a process of its own that knows the jobs of the tests; its argument is the database."""

import os
import sys
from datetime import timedelta

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")


def main(database: str) -> None:
    """Work on the test database until the queue is empty."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from anlan.engines.tasks.workers import JobWorker  # noqa: PLC0415 - needs Django set up
    from tests.tasks import slow_jobs  # noqa: PLC0415

    assert slow_jobs
    JobWorker(f"w{os.getpid()}", 0.1, True, timedelta(seconds=1)).run()


if __name__ == "__main__":
    main(sys.argv[1])
