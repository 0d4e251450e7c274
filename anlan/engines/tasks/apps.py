"""Django application of the tasks engine."""

from importlib import import_module

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "anlan.engines.tasks"
    label = "tasks"
    verbose_name = "任务"

    def ready(self) -> None:
        """Declare the periodic jobs, tell the frame about to-dos, messages about days of rest."""
        for name in ("housekeeping", "framing", "reading"):
            import_module(f"anlan.engines.tasks.{name}")
