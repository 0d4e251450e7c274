"""Django application of the kindergarten evaluation."""

from importlib import import_module

from django.apps import AppConfig


class KindergartenConfig(AppConfig):
    name = "anlan.domains.kindergarten"
    label = "kindergarten"
    verbose_name = "幼儿园评估"

    def ready(self) -> None:
        """Declare the process."""
        for name in ("process", "demo"):
            import_module(f"{self.name}.{name}")
