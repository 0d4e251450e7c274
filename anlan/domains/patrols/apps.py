"""Django application of patrol routes."""

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "anlan.domains.patrols"
    label = "patrols"
    verbose_name = "巡查打卡"
