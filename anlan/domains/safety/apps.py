"""Django application of campus safety."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "anlan.domains.safety"
    label = "safety"
    verbose_name = "校园安全"
