"""Django application of what devices report: the door for devices, alarms, entrances, broadcasts."""

from importlib import import_module

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "anlan.domains.alarms"
    label = "alarms"
    verbose_name = "报警与设备事件"

    def ready(self) -> None:
        """Say what is kept for a short time only."""
        import_module("anlan.domains.alarms.short_lived")
