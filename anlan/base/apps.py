"""Django application of the base records everybody refers to."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "anlan.base"
    label = "base"
    verbose_name = "基础数据"
