"""Django application of collecting data."""

from django.apps import AppConfig


class CustomFormsConfig(AppConfig):
    name = "anlan.domains.custom_forms"
    label = "custom_forms"
    verbose_name = "数据填报"
