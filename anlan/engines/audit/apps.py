"""Django application of the audit engine."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "anlan.engines.audit"
    label = "audit"
    verbose_name = "审计"
