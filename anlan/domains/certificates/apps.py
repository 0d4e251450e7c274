"""Django application of certificates."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "anlan.domains.certificates"
    label = "certificates"
    verbose_name = "证照"
