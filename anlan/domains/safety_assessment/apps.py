"""Django application of the safety assessment."""

from importlib import import_module

from django.apps import AppConfig


class SafetyAssessmentConfig(AppConfig):
    name = "anlan.domains.safety_assessment"
    label = "safety_assessment"
    verbose_name = "安全评估"

    def ready(self) -> None:
        """Declare the process."""
        for name in ("process", "demo"):
            import_module(f"{self.name}.{name}")
