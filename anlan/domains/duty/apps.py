"""Django application of duty rosters."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "anlan.domains.duty"
    label = "duty"
    verbose_name = "值班"
