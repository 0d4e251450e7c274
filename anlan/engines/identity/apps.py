"""Django application of the identity engine."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.engines.identity"
    label = "identity"
    verbose_name = "身份与权限"
