"""Django application of the output engine."""

from django.apps import AppConfig


class OutputConfig(AppConfig):
    name = "anlan.engines.output"
    label = "output"
    verbose_name = "输出"
