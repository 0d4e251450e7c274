"""Django application of the sample module."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.sample"
    label = "sample"
    verbose_name = "示例"

    def ready(self) -> None:
        """Declare the ledgers, and the jobs that a worker of another process must find."""
        from tests.sample import ledgers
        from tests.tasks import slow_jobs

        assert ledgers
        assert slow_jobs
