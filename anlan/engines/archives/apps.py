"""Django application of the archive."""

from importlib import import_module

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "anlan.engines.archives"
    label = "archives"
    verbose_name = "归档"

    def ready(self) -> None:
        """Declare the ledgers, the handlers of the write path and the nightly work."""
        for name in ("filing", "sealing", "registers", "housekeeping"):
            import_module(f"anlan.engines.archives.{name}")
