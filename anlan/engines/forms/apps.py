"""Django application of the forms engine."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "anlan.engines.forms"
    label = "forms"
    verbose_name = "检查表"

    def ready(self) -> None:
        """Declare the rights."""
        from anlan.engines.forms import rights

        rights.declare()
