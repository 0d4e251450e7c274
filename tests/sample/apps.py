"""Django application of the sample module."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.sample"
    label = "sample"
    verbose_name = "示例"

    def ready(self) -> None:
        """Declare the ledgers."""
        from tests.sample import ledgers

        assert ledgers
