"""Django application of the audit engine."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "anlan.engines.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Listen to the floors below; declare the auditor's rights and pages."""
        from anlan.engines.audit import entrance, witnessing  # noqa: F401
