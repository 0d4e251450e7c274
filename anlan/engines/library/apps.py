"""Django application of the library engine."""

from importlib import import_module

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "anlan.engines.library"
    label = "library"
    verbose_name = "资料库"

    def ready(self) -> None:
        """Declare ledgers, pages and the panel beside records."""
        for name in ("framing", "registers", "reading_registers", "clauses"):
            import_module(f"anlan.engines.library.{name}")
