"""``manage.py run_jobs``: a worker for background jobs and the schedule."""

import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from anlan.engines.tasks.workers import JobWorker


class Command(BaseCommand):
    """Runs until stopped; SIGTERM lets the running job finish."""

    help = "Run background jobs and the schedule"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between looks at an empty queue"
        )
        parser.add_argument("--batch", action="store_true", help="stop when the queue is empty")
        parser.add_argument("--dead-after", type=float, default=60.0, help="seconds without heartbeat")

    def handle(self, *args: Any, **options: Any) -> None:
        dead_after = timedelta(seconds=options["dead_after"])
        worker = JobWorker(secrets.token_hex(16), options["interval"], options["batch"], dead_after)
        worker.configure_signals()
        worker.run()
