"""Django application of the safety organisation."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "anlan.domains.organisation"
    label = "organisation"
    verbose_name = "安全组织"
