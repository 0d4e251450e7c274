"""Django application of the analytics engine."""

from importlib import import_module

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "anlan.engines.analytics"
    label = "analytics"
    verbose_name = "统计分析"

    def ready(self) -> None:
        """Declare the ledgers of published numbers and the nightly look for late data."""
        import_module("anlan.engines.analytics.publication_registers")
        import_module("anlan.engines.analytics.housekeeping")
