"""Django application of the engine of rounds; its tables lie in the domains that declare processes."""

from importlib import import_module

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "anlan.engines.rounds"
    label = "rounds"
    verbose_name = "评估"

    def ready(self) -> None:
        """The list of assessors, common to all processes."""
        import_module("anlan.engines.rounds.assessor_registers")
