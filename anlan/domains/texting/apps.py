"""Django application of text messages."""

from importlib import import_module

from django.apps import AppConfig


class TextingConfig(AppConfig):
    name = "anlan.domains.texting"
    label = "texting"
    verbose_name = "短信"

    def ready(self) -> None:
        """Import the declarations."""
        for name in ("registers", "dispatching", "demo"):
            import_module(f"{self.name}.{name}")
