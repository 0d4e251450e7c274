"""Django application of the tasks engine."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "anlan.engines.tasks"
    label = "tasks"
    verbose_name = "任务"
