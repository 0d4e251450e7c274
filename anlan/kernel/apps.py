"""Django application of the kernel."""

from django.apps import AppConfig
from django.core import checks

from anlan.kernel.databases import watch_connections
from anlan.kernel.registry import check_registries


class KernelConfig(AppConfig):
    """Registers the check that holds every declaration to its rules."""

    name = "anlan.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Let the system checks verify the registries, and treat connections alike."""
        checks.register(check_registries)
        watch_connections()
