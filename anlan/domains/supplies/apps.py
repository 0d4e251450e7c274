"""Django application of emergency supplies."""

from django.apps import AppConfig


class SuppliesConfig(AppConfig):
    name = "anlan.domains.supplies"
    label = "supplies"
    verbose_name = "应急物资"
