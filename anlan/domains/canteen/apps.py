"""Django application of school canteens."""

from django.apps import AppConfig


class CanteenConfig(AppConfig):
    name = "anlan.domains.canteen"
    label = "canteen"
    verbose_name = "食堂"
