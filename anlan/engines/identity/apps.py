"""Django application of the identity engine."""

from django.apps import AppConfig
from django.core import checks


class IdentityConfig(AppConfig):
    name = "anlan.engines.identity"
    label = "identity"
    verbose_name = "身份与权限"

    def ready(self) -> None:
        """Declare offices and rights, refuse unsafe settings, tell the frame who is here."""
        from anlan.engines.identity import framing, office_roles, personal, safety_checks  # noqa: F401

        checks.register(safety_checks.check_settings)
