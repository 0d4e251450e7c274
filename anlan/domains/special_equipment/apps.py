"""Django application of special equipment."""

from django.apps import AppConfig


class SpecialEquipmentConfig(AppConfig):
    name = "anlan.domains.special_equipment"
    label = "special_equipment"
    verbose_name = "特种设备"
