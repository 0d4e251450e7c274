"""Django application of the forms engine."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "anlan.engines.forms"
    label = "forms"
    verbose_name = "检查表"

    def ready(self) -> None:
        """Declare the rights and pages, and who may see the pictures of answers."""
        from anlan.engines.files.api import register_reader
        from anlan.engines.forms import evidence, framing, housekeeping, rights  # noqa: F401

        rights.declare()
        register_reader("forms.response", evidence.may_read_files)
