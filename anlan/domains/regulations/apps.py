"""Django application of laws and rules."""

from importlib import import_module

from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "anlan.domains.regulations"
    label = "regulations"
    verbose_name = "法规资料"

    def ready(self) -> None:
        """Import the declarations."""
        for name in ("shelves", "linkables", "risk_uses", "overview", "demo"):
            import_module(f"anlan.domains.regulations.{name}")
