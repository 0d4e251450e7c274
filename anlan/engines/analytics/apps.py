"""Django application of the analytics engine."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "anlan.engines.analytics"
    label = "analytics"
    verbose_name = "统计分析"
