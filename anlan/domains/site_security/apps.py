"""Django application of key places and their protection."""

from django.apps import AppConfig


class SiteSecurityConfig(AppConfig):
    name = "anlan.domains.site_security"
    label = "site_security"
    verbose_name = "重点部位防护"
