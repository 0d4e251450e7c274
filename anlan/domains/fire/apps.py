"""Django application of fire safety."""

from django.apps import AppConfig


class FireConfig(AppConfig):
    name = "anlan.domains.fire"
    label = "fire"
    verbose_name = "消防安全"
