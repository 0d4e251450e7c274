"""Django application of the moral-education assessment."""

from importlib import import_module

from django.apps import AppConfig


class MoralAssessmentConfig(AppConfig):
    name = "anlan.domains.moral_assessment"
    label = "moral_assessment"
    verbose_name = "德育评估"

    def ready(self) -> None:
        """Declare the process."""
        for name in ("process", "demo"):
            import_module(f"{self.name}.{name}")
