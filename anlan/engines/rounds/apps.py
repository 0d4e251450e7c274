"""Django application of the engine of rounds; its tables lie in the domains that declare processes."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "anlan.engines.rounds"
    label = "rounds"
    verbose_name = "评估"
