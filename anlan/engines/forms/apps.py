"""Django application of the forms engine."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "anlan.engines.forms"
    label = "forms"
    verbose_name = "表单"
