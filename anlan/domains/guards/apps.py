"""Django application of guards."""

from django.apps import AppConfig


class GuardsConfig(AppConfig):
    name = "anlan.domains.guards"
    label = "guards"
    verbose_name = "保安"
