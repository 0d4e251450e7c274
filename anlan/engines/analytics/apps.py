"""Django application of the analytics engine."""

from importlib import import_module

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "anlan.engines.analytics"
    label = "analytics"
    verbose_name = "统计分析"

    def ready(self) -> None:
        """Declare the ledgers of published numbers, the look for late data, and what runs out on the workbench."""
        for name in ("publication_registers", "housekeeping", "dates"):
            import_module(f"anlan.engines.analytics.{name}")
