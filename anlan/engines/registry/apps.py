"""Django application of the registry engine."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anlan.engines.registry"
    label = "registry"
    verbose_name = "台账"
