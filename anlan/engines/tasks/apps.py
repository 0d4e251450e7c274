"""Django application of the tasks engine."""

from importlib import import_module

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "anlan.engines.tasks"
    label = "tasks"
    verbose_name = "任务"

    def ready(self) -> None:
        """Declare the periodic jobs."""
        import_module("anlan.engines.tasks.housekeeping")
