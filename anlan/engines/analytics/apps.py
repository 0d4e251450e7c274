"""Django application of the analytics engine."""

from importlib import import_module

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "anlan.engines.analytics"
    label = "analytics"
    verbose_name = "统计分析"

    def ready(self) -> None:
        """Put what runs out on the workbench."""
        import_module("anlan.engines.analytics.dates")
