"""Django application of what devices report: the door for devices, alarms, entrances, broadcasts."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "anlan.domains.alarms"
    label = "alarms"
    verbose_name = "报警与设备事件"
