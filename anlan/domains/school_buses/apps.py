"""Django application of school buses."""

from django.apps import AppConfig


class SchoolBusesConfig(AppConfig):
    name = "anlan.domains.school_buses"
    label = "school_buses"
    verbose_name = "校车"
