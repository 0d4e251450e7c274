"""Django application of the registry engine."""

from django.apps import AppConfig
from django.core import checks


class RegistryConfig(AppConfig):
    name = "anlan.engines.registry"
    label = "registry"
    verbose_name = "台账"

    def ready(self) -> None:
        """Refuse personal fields nobody declared."""
        from anlan.engines.registry import personal_checks

        checks.register(personal_checks.check_personal)
