"""Django application of the workflow engine."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "anlan.engines.workflow"
    label = "workflow"
    verbose_name = "流程"
