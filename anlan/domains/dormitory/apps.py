"""Django application of dormitories."""

from django.apps import AppConfig


class DormitoryConfig(AppConfig):
    name = "anlan.domains.dormitory"
    label = "dormitory"
    verbose_name = "宿舍"
