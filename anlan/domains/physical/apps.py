"""Django application of physical protection."""

from django.apps import AppConfig


class PhysicalConfig(AppConfig):
    name = "anlan.domains.physical"
    label = "physical"
    verbose_name = "实体防护"
